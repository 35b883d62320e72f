"""Resolved container functions, with all defaults applied."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulumi import Input, Output, ProviderResource

from intermodal.events.spec import SourceSpec
from intermodal.identity.args import LinkArgs, PermissionArgs
from intermodal.identity.trust import TrustSpec
from intermodal.images.architecture import Architecture
from intermodal.limits import Target
from intermodal.platform.facts import PlatformFacts
from intermodal.platform.images import ImageBuilder

ALL_SHARES = 16
"""All sixteenths: the share of a lane that receives all events."""

VISIBILITY_TIMEOUTS = 6
"""Ratio of an inbox's visibility timeout to the function's timeout (Lambda developer guide, Using Lambda with SQS: six
times)."""

LONGEST_VISIBILITY_SECONDS = 43_200
"""Maximum visibility timeout in SQS (API reference, SetQueueAttributes, VisibilityTimeout)."""


@dataclass(frozen=True, kw_only=True)
class LaneSpec:
    """One resolved lane."""

    path: str
    """Prefix of the lane's key paths, such as `lanes[1].`; empty for a lane that is defined by `target`."""
    name: str
    target: Target
    share: int
    maximum_concurrency: int | None
    """Maximum concurrent runs, or None for the target's default; 0 pauses the lane."""
    paused: bool

    def concurrency(self, default: int) -> int:
        """Return the maximum number of concurrent runs; `default` is the target's."""
        return default if self.maximum_concurrency is None else self.maximum_concurrency


@dataclass(frozen=True, kw_only=True)
class BuildSpec:
    """An image that the platform builds and pushes."""

    builder: ImageBuilder
    folder: str


@dataclass(frozen=True, kw_only=True)
class ProcessSpec:
    """Overrides of the image's process settings; None keeps the image's setting."""

    command: tuple[Input[str], ...] | None
    entry_point: tuple[Input[str], ...] | None
    working_directory: Input[str] | None


@dataclass(frozen=True, kw_only=True)
class BatchSpec:
    """Settings for batching messages into events."""

    size: int
    """Maximum messages in one event."""
    window_seconds: int
    report_item_failures: bool
    maximum_receives: int


@dataclass(frozen=True, kw_only=True)
class EcsOptions:
    """Options for lanes on ECS."""

    strategies: tuple[Mapping[str, Any], ...]
    """`capacity_provider`, `weight` and `base` of each; empty for the platform's capacity provider."""
    minimum_tasks: int


@dataclass(frozen=True, kw_only=True)
class KubernetesOptions:
    """Options for lanes on Kubernetes."""

    memory_request_mib: int | None
    vcpu_request: float | None
    priority_class: Input[str] | None
    node_selector: Mapping[str, Input[str]]
    tolerations: tuple[Mapping[str, str], ...]
    """With the API's keys."""
    annotations: Mapping[str, Input[str]]
    pod_patch: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class FunctionSpec:
    """A resolved container function."""

    name: str
    image: Input[str]
    """Image reference. For a folder that the platform builds, the local reference until the component replaces it."""
    build: BuildSpec | None
    """Image that the platform builds and pushes; None for an existing image or one that stays on this machine."""
    process: ProcessSpec
    memory_mib: Input[int]
    ephemeral_storage_mib: int
    vcpu: float
    """Minimum vCPUs; 0 for no minimum."""
    architecture: Architecture
    timeout_seconds: Input[int]
    platform: Output[PlatformFacts] | None
    providers: tuple[ProviderResource, ...]
    """The platform's providers, which the function's children use."""
    vpc: bool
    security_group_ids: tuple[Input[str], ...]
    environment: Mapping[str, Input[str]]
    """Environment variables from the definition and its links."""
    secrets: Mapping[str, Input[str]]
    """Secret references (`identity.secrets`) by variable; no variable is also in `environment`."""
    kms_key_arn: Input[str] | None
    links: tuple[LinkArgs, ...]
    permissions: tuple[PermissionArgs, ...]
    """Permissions from the definition and its links."""
    sources: tuple[SourceSpec, ...]
    batch: BatchSpec
    reserved_concurrency: int | None
    ecs: EcsOptions
    kubernetes: KubernetesOptions
    fifo: bool
    lanes: tuple[LaneSpec, ...]
    trust: tuple[TrustSpec, ...] | None
    """Trust statements; None to trust all targets that the platform offers."""
    role_arn: Input[str] | None
    """ARN of an existing role; None for a new one."""
    alarm_topic_arns: tuple[Input[str], ...]
    log_retention_days: int
    protect: bool
    drain_before_delete: bool
    tags: Mapping[str, Input[str]]

    @property
    def display_name(self) -> str:
        """The function's name as shown in messages."""
        return display_name_of(self.name)

    @property
    def adopted_queue(self) -> Mapping[str, Input[str]] | None:
        """ARN and URL of the existing queue that replaces the inbox, or None."""
        return next((source.fields["existing"] for source in self.sources if source.adopts_queue), None)

    @property
    def base(self) -> LaneSpec:
        """The lane that receives the events."""
        return next(lane for lane in self.lanes if lane.share == ALL_SHARES)


def display_name_of(name: str) -> str:
    """Return a function's name as shown in messages."""
    return f'ContainerFunction "{name}"'
