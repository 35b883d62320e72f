"""Arguments of a container function."""

from typing import TYPE_CHECKING, NotRequired, TypedDict

from pulumi import Input

from intermodal.definition.target_args import EcsOptionsArgs, KubernetesOptionsArgs
from intermodal.events.args import SourceArgs
from intermodal.identity.args import ExistingRoleArgs, LinkArgs, PermissionArgs, TrustLike
from intermodal.images.architecture import ArchitectureLike
from intermodal.limits import TargetLike
from intermodal.platform.args import PlatformLike


class ImageArgs(TypedDict):
    """The container image: set exactly one of `uri` and `build`."""

    uri: NotRequired[Input[str]]
    """A Lambda-compatible image in a registry, preferably by digest (`…/scan@sha256:…`)."""
    build: NotRequired[str]
    """Folder that contains a Dockerfile. Any change to a file in the folder changes the image reference."""


if TYPE_CHECKING:
    import pulumi_docker_build

    class UriImage(TypedDict):
        """An image in a registry."""

        uri: Input[str]

    class BuildImage(TypedDict):
        """An image built from a folder."""

        build: str

    ImageLike = UriImage | BuildImage | Input[str] | pulumi_docker_build.Image
else:
    ImageLike = ImageArgs  # Pulumi's schema cannot express the union


class LaneArgs(TypedDict):
    """One lane: an inbox and the target that consumes it."""

    name: str
    """Lane name: lower-case letters and digits. All resource names in the lane contain it, so do not rename a lane when
    you add or remove others."""
    target: TargetLike
    """Compute service that runs the function in this lane."""
    share: NotRequired[int]
    """Share of the events in sixteenths: 16 for one lane and 0 for all others. Default: 16 for a single lane, otherwise
    0."""
    maximum_concurrency: NotRequired[int]
    """Maximum concurrent runs. Default: 50 on Lambda, 10 tasks on ECS, 10 Jobs on Kubernetes."""
    paused: NotRequired[bool]
    """Stop consuming messages and keep them in the inbox. Runs in progress finish. A running Kubernetes Job still
    receives messages for up to ten minutes. Default: False."""


class PlacementArgs(TypedDict):
    """Arguments that the stack file sets for one function, as returned by `placement(name)`."""

    target: NotRequired[TargetLike]
    """Target of a function with one lane; overrides `lanes`."""
    lane: NotRequired[str]
    """Name of the only lane."""
    lanes: NotRequired[list[LaneArgs]]
    """The lanes; overrides `target`, `lane` and `maximum_concurrency`."""
    maximum_concurrency: NotRequired[int]
    """Maximum concurrent runs in the only lane."""
    memory_mib: NotRequired[Input[int]]
    """Memory in MiB."""
    vcpu: NotRequired[float]
    """Minimum vCPUs."""
    architecture: NotRequired[ArchitectureLike]
    """The image's instruction set."""
    timeout_seconds: NotRequired[Input[int]]
    """Maximum duration of a run in seconds."""
    vpc: NotRequired[bool]
    """Run in the platform's VPC."""
    drain_before_delete: NotRequired[bool]
    """Protect the service of an `ecs` lane from deletion unless the lane is paused."""
    protect: NotRequired[bool]
    """Protect resources that hold data; set by `intermodal:protect`, which applies to the whole stack."""


class ContainerFunctionArgs(TypedDict):
    """Arguments for a ContainerFunction."""

    image: ImageLike
    """The container image. A plain string is an image reference if it contains a registry host, a tag or a digest;
    otherwise it is the path of a build folder. A `pulumi_docker_build.Image` is used by its digest."""
    target: NotRequired[TargetLike]
    """Target of a function with one lane. Mutually exclusive with `lanes`."""
    lane: NotRequired[str]
    """Name of the only lane of a function with `target`. Default: `main`."""
    lanes: NotRequired[list[LaneArgs]]
    """Lanes of a function with several lanes. Mutually exclusive with `target`."""
    maximum_concurrency: NotRequired[int]
    """Maximum concurrent runs in the only lane. Default: 50 on Lambda, 10 tasks on ECS, 10 Jobs on Kubernetes."""
    command: NotRequired[list[Input[str]]]
    """Arguments for the entry point, which override the image's CMD. For an AWS base image, set the handler, such as
    `["app.handler"]`; one image can then contain several functions. Default: the image's CMD."""
    entry_point: NotRequired[list[Input[str]]]
    """Executable and arguments that override the image's ENTRYPOINT. Requires `command`: if the entry point is
    overridden, Docker ignores the image's CMD, and AWS does not document Lambda's behavior. Default: the image's
    ENTRYPOINT."""
    working_directory: NotRequired[Input[str]]
    """Absolute path that overrides the image's WORKDIR. Default: the image's WORKDIR."""
    memory_mib: NotRequired[Input[int]]
    """Memory in MiB. Default: 512."""
    ephemeral_storage_mib: NotRequired[int]
    """Size of /tmp, the only writable folder, in MiB. On Fargate, a task gets at least this size in addition to the
    default 20 GiB. On Kubernetes, the pod requests this space from its node, and a run that exceeds it is evicted.
    Default: 512."""
    vcpu: NotRequired[float]
    """Minimum vCPUs. Lambda allocates one vCPU per 1,769 MiB, so set `memory_mib` accordingly. Default: no minimum."""
    architecture: NotRequired[ArchitectureLike]
    """The image's instruction set. Default: `x86_64`."""
    timeout_seconds: NotRequired[Input[int]]
    """Maximum duration of a run in seconds. The inbox's visibility timeout is six times this value, at most 12 hours.
    Default: 60."""
    platform: NotRequired[PlatformLike]
    """Shared infrastructure: a Platform, or the handle of a Platform in another stack. Default: none."""
    vpc: NotRequired[bool]
    """Run in the platform's VPC, with a dedicated security group. Default: False."""
    security_group_ids: NotRequired[list[Input[str]]]
    """IDs of at most four additional security groups in the VPC. Default: none."""
    environment: NotRequired[dict[str, Input[str]]]
    """Environment variables. Default: none."""
    secrets: NotRequired[dict[str, Input[str]]]
    """Environment variables from secrets. Each value is the ARN of a Secrets Manager secret, `ARN:key` for one key in
    its JSON, or the ARN of an SSM parameter. For a secret created in the same program, use the `arn` of its
    SecretVersion, because a secret without a version has no value. On Lambda and Kubernetes, run `pulumi up` after a
    rotation. If the handler reads the secret itself, use `links` instead. Default: none."""
    kms_key_arn: NotRequired[Input[str]]
    """ARN of the KMS key that encrypts a Lambda function's environment variables, including the values from `secrets`.
    The role is allowed to decrypt with it. ECS and Kubernetes do not store secret values in their definitions. Default:
    an AWS managed key; anyone who can read the function's configuration can then read the variables. To avoid that,
    use `links: [read(secret)]`."""
    links: NotRequired[list[LinkArgs]]
    """Resources that the function uses: `read(bucket)`, `send(queue)`, … Default: none."""
    permissions: NotRequired[list[PermissionArgs]]
    """Permissions for the role, in addition to those for its logs, its inbox and `links`. Default: none."""
    sources: NotRequired[list[SourceArgs]]
    """Event sources. Messages can also be sent to the inbox directly. Default: none."""
    batch_size: NotRequired[int]
    """Maximum messages in one event, 1 to 10,000. More than 10 requires `batch_window_seconds`. An event can have at
    most 6 MB. Default: 10."""
    batch_window_seconds: NotRequired[int]
    """Maximum time to gather messages for one event, 0 to 300 seconds. Default: 0."""
    report_batch_item_failures: NotRequired[bool]
    """Whether the handler's response can list the failed messages (`batchItemFailures`). If False, the response is
    ignored, and an event succeeds or fails as a whole. Default: True."""
    maximum_receives: NotRequired[int]
    """Number of receives before a message moves to the dead-letter queue, 1 to 1,000. AWS recommends at least 5 for
    Lambda, where a throttled event counts as a receive. Default: 5."""
    reserved_concurrency: NotRequired[int]
    """Lambda concurrency that is reserved for this function, at least `maximum_concurrency`. Only for target `lambda`.
    Default: none."""
    ecs: NotRequired[EcsOptionsArgs]
    """Options for lanes on ECS, which other targets ignore. Default: none."""
    kubernetes: NotRequired[KubernetesOptionsArgs]
    """Options for lanes on Kubernetes, which other targets ignore. Default: none."""
    fifo: NotRequired[bool]
    """Preserve the order within each message group. The inbox is a FIFO queue that accepts `queue` and FIFO `topic`
    sources; a change replaces it. On ECS and Kubernetes, set `maximum_concurrency` to the number of busy groups.
    Otherwise, messages that wait for another message in their group start tasks and Jobs that receive nothing.
    Default: False."""
    trust: NotRequired[list[TrustLike]]
    """Principals that may assume the role, regardless of the lanes. Default: Lambda and all targets that the platform
    offers."""
    role: NotRequired[ExistingRoleArgs]
    """Existing role to use. Mutually exclusive with `trust`. Default: a new role."""
    alarm_topic_arns: NotRequired[list[Input[str]]]
    """ARNs of the SNS topics that the alarms notify. The alarms are created even without a topic. Default: none."""
    log_retention_days: NotRequired[int]
    """Log retention period in days. Default: 30."""
    protect: NotRequired[bool]
    """Protect the inboxes, dead-letter queues and role from deletion, retain the logs, and require an image digest.
    ResourceOptions(protect=True) has the same effect but does not require a digest. Default: False."""
    drain_before_delete: NotRequired[bool]
    """Protect the service of an `ecs` lane from deletion unless the lane is `paused`. To move or remove the lane, pause
    it and wait until no task is running. AWS does not document whether a protected task survives the deletion of its
    service. After False is deployed, the lane can be moved or destroyed in one step, but runs may be interrupted and
    their messages redelivered. Default: True."""
    tags: NotRequired[dict[str, Input[str]]]
    """Tags for all taggable child resources. Default: none."""
    placement: NotRequired[PlacementArgs]
    """Arguments from the stack file, which override the program's arguments. Default: none."""
