"""Plan which tasks of a service to stop and how many to start (ECS developer guide, rolling update).

All functions are pure.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DesiredService:
    """Desired state of a service."""

    count: int
    minimum_percent: int = 100
    maximum_percent: int = 200
    may_start: bool = True
    """False after a failed deployment and during back-off."""

    @property
    def lower(self) -> int:
        """Minimum number of healthy tasks during a deployment."""
        return math.ceil(self.count * self.minimum_percent / 100)

    @property
    def upper(self) -> int:
        """Maximum number of tasks during a deployment."""
        return self.count * self.maximum_percent // 100


@dataclass(frozen=True, kw_only=True)
class RunningTask:
    """A task whose desired status is RUNNING."""

    arn: str
    current: bool
    """Whether the task belongs to the newest deployment."""
    steady: bool
    """Whether the task has run for STEADY_SECONDS and passes its health check, if any."""
    protected: bool
    sick: bool = False
    """Whether the task failed its health check."""
    born: str = ""


@dataclass(frozen=True, kw_only=True)
class RolloutStep:
    """The scheduler's next actions."""

    start: int = 0
    replaced: tuple[str, ...] = ()
    """Tasks to stop because of a newer deployment."""
    surplus: tuple[str, ...] = ()
    """Tasks to stop because the desired count is lower."""
    sick: tuple[str, ...] = ()
    """Tasks to stop because they are unhealthy."""


def plan_step(service: DesiredService, tasks: Sequence[RunningTask]) -> RolloutStep:
    """Return the scheduler's next actions, which each change can alter."""
    sick = tuple(task.arn for task in tasks if task.sick)
    tasks = [task for task in tasks if not task.sick]
    current, old = [t for t in tasks if t.current], [t for t in tasks if not t.current]
    surplus = _choose_surplus(current, len(current) - service.count)
    missing = service.count - len(current) if service.may_start else 0
    replaced = _choose_replaced(service, current, old, missing)
    room = service.upper - (len(tasks) - len(replaced) - len(surplus))
    start = max(0, min(missing, room))
    return RolloutStep(start=start, replaced=replaced, surplus=surplus, sick=sick)


def _choose_surplus(current: Sequence[RunningTask], many: int) -> tuple[str, ...]:
    """Return the unprotected tasks to stop, unsteady before steady ones, newest first."""
    free = sorted((task for task in current if not task.protected), key=lambda task: task.born, reverse=True)
    free.sort(key=lambda task: task.steady)
    return tuple(task.arn for task in free[: max(0, many)])


def _choose_replaced(
    service: DesiredService, current: Sequence[RunningTask], old: Sequence[RunningTask], missing: int
) -> tuple[str, ...]:
    """Return the old tasks to stop because steady tasks replace them or new tasks need their capacity."""
    free = sorted((task for task in old if not task.protected), key=lambda task: task.steady)
    steady = sum(task.steady for task in [*current, *old])
    idle = sum(not task.steady for task in free)
    taken_over = steady - service.count
    room = service.upper - len(current) - len(old)
    needed = min(missing - room, steady - service.lower) if missing > room else 0
    return tuple(task.arn for task in free[: max(0, idle + max(taken_over, needed))])
