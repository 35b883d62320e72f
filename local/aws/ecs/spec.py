"""Resolve the order in which a task's containers start and stop from their dependencies.

The rules match the ECS agent's (amazon-ecs-agent, agent/engine/dependencygraph/graph.go).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any, Self

STOP_SECONDS, MOST_STOP_SECONDS = 30, 120
"""Default and maximum stopTimeout on Fargate (ECS developer guide, container definition parameters)."""


class Condition(StrEnum):
    """Condition of a container dependency."""

    START = "START"
    COMPLETE = "COMPLETE"
    SUCCESS = "SUCCESS"
    HEALTHY = "HEALTHY"


@dataclass(frozen=True, kw_only=True)
class Spec:
    """A container definition."""

    name: str
    image: str
    essential: bool
    waits_for: tuple[tuple[str, Condition], ...]
    stop_seconds: int
    start_seconds: int | None
    """How long dependents wait for the container to become healthy or complete."""
    definition: Mapping[str, Any] = field(repr=False)
    """Registered definition with the task's overrides applied."""

    @classmethod
    def of(cls, definition: Mapping[str, Any], override: Mapping[str, Any]) -> Self:
        """Return the spec for a container definition with RunTask's override applied."""
        changed = {name: override[name] for name in ("command", "cpu", "memory") if name in override}
        environment = [*definition.get("environment", []), *override.get("environment", [])]
        return cls(
            name=definition["name"],
            image=definition["image"],
            essential=bool(definition.get("essential", True)),
            waits_for=tuple((d["containerName"], Condition(d["condition"])) for d in definition.get("dependsOn", [])),
            stop_seconds=min(int(definition.get("stopTimeout") or STOP_SECONDS), MOST_STOP_SECONDS),
            start_seconds=definition.get("startTimeout"),
            definition={**definition, **changed, "environment": environment},
        )


class Phase(Enum):
    """Phase of a container's lifecycle."""

    WAITING = "PENDING"
    RUNNING = "RUNNING"
    STOPPED = "STOPPED"


@dataclass(kw_only=True)
class State:
    """A container's observed state."""

    phase: Phase = Phase.WAITING
    exit_code: int | None = None
    reason: str | None = None
    health: str = "UNKNOWN"
    started: float = 0.0
    """Monotonic start time in seconds; 0 before the start."""
    stop_sent: bool = False

    @property
    def never_ran(self) -> bool:
        """Whether the container stopped without having started."""
        return self.phase is Phase.STOPPED and not self.started


States = Mapping[str, State]


def is_met(condition: Condition, state: State) -> bool:
    """Return whether a container in this state meets the dependency condition."""
    if condition is Condition.START:
        return bool(state.started)
    if condition is Condition.HEALTHY:
        return state.phase is Phase.RUNNING and state.health == "HEALTHY"
    ended = state.phase is Phase.STOPPED and state.exit_code is not None
    return ended and (condition is Condition.COMPLETE or state.exit_code == 0)


def list_startable(specs: Sequence[Spec], states: States) -> list[Spec]:
    """Return the waiting containers whose dependencies are met."""
    return [
        spec
        for spec in specs
        if states[spec.name].phase is Phase.WAITING
        and all(is_met(condition, states[name]) for name, condition in spec.waits_for)
    ]


def explain_blocked(spec: Spec, specs: Sequence[Spec], states: States, now: float) -> str | None:
    """Return the agent's message that explains why a waiting container can never start, or None if it can."""
    timeouts = {other.name: other.start_seconds for other in specs}
    target = f"container ordering dependency [%s] for target [{spec.name}]"
    for name, condition in spec.waits_for:
        state, text = states[name], target % name
        if state.never_ran:
            return f"dependency graph: failed to resolve {text} because dependency will never start"
        if condition is Condition.SUCCESS and state.phase is Phase.STOPPED and state.exit_code != 0:
            return f"dependency graph: failed to resolve {text} as dependency did not exit successfully."
        if condition is Condition.HEALTHY and state.phase is Phase.STOPPED:
            return f"dependency graph: failed to resolve {text} because dependency has stopped"
        limit = timeouts[name]
        waits = condition is not Condition.START and state.phase is Phase.RUNNING
        if limit and waits and now > state.started + limit:
            return f"dependency graph: {text} has timed out."
    return None


def list_stoppable(specs: Sequence[Spec], states: States) -> list[Spec]:
    """Return the running containers that can stop because all their dependents have stopped."""
    return [
        spec
        for spec in specs
        if states[spec.name].phase is Phase.RUNNING
        and not states[spec.name].stop_sent
        and not any(
            spec.name in dict(other.waits_for) and states[other.name].phase is not Phase.STOPPED for other in specs
        )
    ]
