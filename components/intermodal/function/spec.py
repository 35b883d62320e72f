"""A container function with every default applied: what the rest of the library works with."""

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import Input

from intermodal.events.spec import SourceSpec
from intermodal.function.args import Target
from intermodal.identity.args import PermissionArgs, Trust

WHOLE = 16
"""Sixteenths in all: the share of a lane that takes every event."""

VISIBILITY_TIMEOUTS = 6
"""An inbox hides a message this many timeouts long (Lambda developer guide, Using Lambda with SQS: six times)."""


@dataclass(frozen=True, kw_only=True)
class LaneSpec:
    """One lane."""

    name: str
    target: Target
    share: int
    maximum_concurrency: int | None
    paused: bool


@dataclass(frozen=True, kw_only=True)
class FunctionSpec:
    """A container function."""

    name: str
    image: Input[str]
    memory_mib: Input[int]
    timeout_seconds: Input[int]
    environment: Mapping[str, Input[str]]
    permissions: tuple[PermissionArgs, ...]
    sources: tuple[SourceSpec, ...]
    lanes: tuple[LaneSpec, ...]
    trust: tuple[Trust, ...]
    log_retention_days: int
    protect: bool
    tags: Mapping[str, Input[str]]

    @property
    def subject(self) -> str:
        """How a message calls it."""
        return subject_of(self.name)

    @property
    def base(self) -> LaneSpec:
        """The lane that takes the events."""
        return next(lane for lane in self.lanes if lane.share == WHOLE)


def subject_of(name: str) -> str:
    """How a message calls the function with this name."""
    return f'ContainerFunction "{name}"'
