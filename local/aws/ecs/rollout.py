"""What a service's scheduler does next: which tasks to stop, how many to start (ECS developer guide, rolling update).

Pure: it looks at counts and says what to do.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DesiredService:
    """What the service asks for."""

    count: int
    minimum_percent: int = 100
    maximum_percent: int = 200
    may_start: bool = True
    """Not after a failed deployment, nor while it backs off."""

    @property
    def lower(self) -> int:
        """Tasks that have to be healthy while tasks are replaced."""
        return math.ceil(self.count * self.minimum_percent / 100)

    @property
    def upper(self) -> int:
        """Tasks that there may be at once."""
        return self.count * self.maximum_percent // 100


@dataclass(frozen=True, kw_only=True)
class RunningTask:
    """A task that is not told to stop."""

    arn: str
    current: bool
    """Of the newest deployment."""
    steady: bool
    """Running for a moment, and healthy where it says so."""
    protected: bool
    sick: bool = False
    """Its health check failed."""
    born: str = ""


@dataclass(frozen=True, kw_only=True)
class RolloutStep:
    """What to do now."""

    start: int = 0
    replaced: tuple[str, ...] = ()
    """To stop because of a newer deployment."""
    surplus: tuple[str, ...] = ()
    """To stop because fewer are wanted."""
    sick: tuple[str, ...] = ()
    """To stop because they are not healthy."""


def plan_step(wanted: DesiredService, tasks: Sequence[RunningTask]) -> RolloutStep:
    """The next moves; called again whenever something changed."""
    sick = tuple(task.arn for task in tasks if task.sick)
    tasks = [task for task in tasks if not task.sick]
    current, old = [t for t in tasks if t.current], [t for t in tasks if not t.current]
    surplus = _choose_surplus(current, len(current) - wanted.count)
    missing = wanted.count - len(current) if wanted.may_start else 0
    replaced = _choose_replaced(wanted, current, old, missing)
    room = wanted.upper - (len(tasks) - len(replaced) - len(surplus))
    start = max(0, min(missing, room))
    return RolloutStep(start=start, replaced=replaced, surplus=surplus, sick=sick)


def _choose_surplus(current: Sequence[RunningTask], many: int) -> tuple[str, ...]:
    """Which tasks go when there are too many: never a protected one, first those that do not work yet, the newest."""
    free = sorted((task for task in current if not task.protected), key=lambda task: task.born, reverse=True)
    free.sort(key=lambda task: task.steady)
    return tuple(task.arn for task in free[: max(0, many)])


def _choose_replaced(
    wanted: DesiredService, current: Sequence[RunningTask], old: Sequence[RunningTask], missing: int
) -> tuple[str, ...]:
    """Old tasks that may go: as many as steady ones took over, or as room is needed for new ones."""
    free = sorted((task for task in old if not task.protected), key=lambda task: task.steady)
    steady = sum(task.steady for task in [*current, *old])
    idle = sum(not task.steady for task in free)
    taken_over = steady - wanted.count
    room = wanted.upper - len(current) - len(old)
    needed = min(missing - room, steady - wanted.lower) if missing > room else 0
    return tuple(task.arn for task in free[: max(0, idle + max(taken_over, needed))])
