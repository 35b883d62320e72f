"""A container function with every default applied: what the rest of the library works with."""

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import Input, Output

from intermodal.events.spec import SourceSpec
from intermodal.identity.args import LinkArgs, PermissionArgs
from intermodal.identity.trust import TrustSpec
from intermodal.images.architecture import Architecture
from intermodal.limits import Target
from intermodal.platform.facts import PlatformFacts

ALL_SHARES = 16
"""Sixteenths in all: the share of a lane that takes every event."""

VISIBILITY_TIMEOUTS = 6
"""An inbox hides a message this many timeouts long (Lambda developer guide, Using Lambda with SQS: six times)."""

LONGEST_VISIBILITY_SECONDS = 43_200
"""And no longer than SQS can (API reference, SetQueueAttributes, VisibilityTimeout)."""


@dataclass(frozen=True, kw_only=True)
class LaneSpec:
    """One lane."""

    path: str
    """Start of its keys' paths in the definition, such as `lanes[1].`; empty for a sole one without `lanes`."""
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
    vcpu: float
    """0 where there is no wish."""
    architecture: Architecture
    timeout_seconds: Input[int]
    platform: Output[PlatformFacts] | None
    vpc: bool
    security_group_ids: tuple[Input[str], ...]
    environment: Mapping[str, Input[str]]
    """Those of its links included."""
    secrets: Mapping[str, Input[str]]
    """References (`identity.secrets`) by variable; no name of `environment`."""
    kms_key_arn: Input[str] | None
    links: tuple[LinkArgs, ...]
    permissions: tuple[PermissionArgs, ...]
    """Those of its links included."""
    sources: tuple[SourceSpec, ...]
    fifo: bool
    lanes: tuple[LaneSpec, ...]
    trust: tuple[TrustSpec, ...] | None
    """None for the default: what the platform offers."""
    role_arn: Input[str] | None
    """Of a role that exists."""
    alarm_topic_arns: tuple[Input[str], ...]
    log_retention_days: int
    protect: bool
    drain_before_delete: bool
    tags: Mapping[str, Input[str]]

    @property
    def subject(self) -> str:
        """How a message calls it."""
        return subject_of(self.name)

    @property
    def adopted_queue(self) -> Mapping[str, Input[str]] | None:
        """ARN and URL of a queue that takes the inbox's place."""
        return next((source.fields["existing"] for source in self.sources if source.adopts_queue), None)

    @property
    def base(self) -> LaneSpec:
        """The lane that takes the events."""
        return next(lane for lane in self.lanes if lane.share == ALL_SHARES)


def subject_of(name: str) -> str:
    """How a message calls the function with this name."""
    return f'ContainerFunction "{name}"'
