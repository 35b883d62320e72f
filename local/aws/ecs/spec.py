"""What a task's containers are to each other: who waits for whom to start, and who goes first at the end.

The rules are those of the ECS agent (amazon-ecs-agent, agent/engine/dependencygraph/graph.go).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any, Self

STOP_SECONDS, MOST_STOP_SECONDS = 30, 120
"""Fargate's stopTimeout (ECS developer guide, container definition parameters)."""


class Condition(StrEnum):
    """What a container waits for."""

    START = "START"
    COMPLETE = "COMPLETE"
    SUCCESS = "SUCCESS"
    HEALTHY = "HEALTHY"


@dataclass(frozen=True, kw_only=True)
class Spec:
    """One container definition."""

    name: str
    image: str
    essential: bool
    waits_for: tuple[tuple[str, Condition], ...]
    stop_seconds: int
    start_seconds: int | None
    """How long others wait for it to be healthy or done."""
    definition: Mapping[str, Any] = field(repr=False)
    """As registered, with the overrides of the task."""

    @classmethod
    def of(cls, definition: Mapping[str, Any], override: Mapping[str, Any]) -> Self:
        """A container definition under the override that RunTask gave."""
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
    """Where a container is."""

    WAITING = "PENDING"
    RUNNING = "RUNNING"
    STOPPED = "STOPPED"


@dataclass(kw_only=True)
class State:
    """What is known of a container."""

    phase: Phase = Phase.WAITING
    exit_code: int | None = None
    reason: str | None = None
    health: str = "UNKNOWN"
    started: float = 0.0
    """Monotonic seconds."""
    told_to_stop: bool = False

    @property
    def never_ran(self) -> bool:
        """Whether it ended without a start."""
        return self.phase is Phase.STOPPED and not self.started


States = Mapping[str, State]


def met(condition: Condition, state: State) -> bool:
    """Whether a dependency is as it should be."""
    if condition is Condition.START:
        return bool(state.started)
    if condition is Condition.HEALTHY:
        return state.phase is Phase.RUNNING and state.health == "HEALTHY"
    ended = state.phase is Phase.STOPPED and state.exit_code is not None
    return ended and (condition is Condition.COMPLETE or state.exit_code == 0)


def startable(specs: Sequence[Spec], states: States) -> list[Spec]:
    """Containers whose turn it is."""
    return [
        spec
        for spec in specs
        if states[spec.name].phase is Phase.WAITING
        and all(met(condition, states[name]) for name, condition in spec.waits_for)
    ]


def hopeless(spec: Spec, specs: Sequence[Spec], states: States, now: float) -> str | None:
    """Why a waiting container will never start, in the agent's words; None where it may."""
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


def stoppable(specs: Sequence[Spec], states: States) -> list[Spec]:
    """Running containers that may be told to stop: every container that waited for them has ended."""
    return [
        spec
        for spec in specs
        if states[spec.name].phase is Phase.RUNNING
        and not states[spec.name].told_to_stop
        and not any(
            spec.name in dict(other.waits_for) and states[other.name].phase is not Phase.STOPPED for other in specs
        )
    ]
