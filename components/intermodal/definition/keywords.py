"""Keyword arguments of a container function."""

from typing import TypedDict, cast

from pulumi import Input

from intermodal.definition.args import ContainerFunctionArgs, ImageLike, LaneArgs, PlacementArgs
from intermodal.definition.target_args import EcsOptionsArgs, KubernetesOptionsArgs
from intermodal.events.args import SourceArgs
from intermodal.identity.args import ExistingRoleArgs, LinkArgs, PermissionArgs, TrustLike
from intermodal.images.architecture import ArchitectureLike
from intermodal.limits import TargetLike
from intermodal.platform.args import PlatformLike


class ContainerFunctionKeywords(TypedDict, total=False):
    """The keys of ContainerFunctionArgs, which documents them; none is required.

    A required key would also be required in calls that pass the dict (PEP 692).
    """

    image: ImageLike
    target: TargetLike
    lane: str
    lanes: list[LaneArgs]
    maximum_concurrency: int
    command: list[Input[str]]
    entry_point: list[Input[str]]
    working_directory: Input[str]
    memory_mib: Input[int]
    ephemeral_storage_mib: int
    vcpu: float
    architecture: ArchitectureLike
    timeout_seconds: Input[int]
    platform: PlatformLike
    vpc: bool
    security_group_ids: list[Input[str]]
    environment: dict[str, Input[str]]
    secrets: dict[str, Input[str]]
    kms_key_arn: Input[str]
    links: list[LinkArgs]
    permissions: list[PermissionArgs]
    sources: list[SourceArgs]
    batch_size: int
    batch_window_seconds: int
    report_batch_item_failures: bool
    maximum_receives: int
    reserved_concurrency: int
    ecs: EcsOptionsArgs
    kubernetes: KubernetesOptionsArgs
    fifo: bool
    trust: list[TrustLike]
    role: ExistingRoleArgs
    alarm_topic_arns: list[Input[str]]
    log_retention_days: int
    protect: bool
    drain_before_delete: bool
    tags: dict[str, Input[str]]
    placement: PlacementArgs


NO_ARGS = cast("ContainerFunctionArgs", {})
"""Default for the dict in calls that pass only keywords."""
