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
    """The container image: exactly one of `uri` and `build`."""

    uri: NotRequired[Input[str]]
    """A Lambda-compatible image in a registry, preferably by digest (`…/scan@sha256:…`)."""
    build: NotRequired[str]
    """Folder that contains a Dockerfile. Any change to a file in it changes the image reference."""


if TYPE_CHECKING:

    class UriImage(TypedDict):
        """An image in a registry."""

        uri: Input[str]

    class BuildImage(TypedDict):
        """An image that is built from a folder."""

        build: str

    ImageLike = UriImage | BuildImage | Input[str]
else:
    ImageLike = ImageArgs  # the part that Pulumi's schema can express


class LaneArgs(TypedDict):
    """One lane: an inbox and the target that consumes it."""

    name: str
    """Lower-case letters and digits. Every resource name in the lane contains it, so a lane must keep its name when
    other lanes are added or removed."""
    target: TargetLike
    """The compute service that runs the function in this lane."""
    share: NotRequired[int]
    """Share of the events in sixteenths: 16 on one lane and 0 on the others. Default: 16 for an only lane, else 0."""
    maximum_concurrency: NotRequired[int]
    """Maximum concurrent runs. Default: 50 on Lambda, 10 tasks on ECS, 10 Jobs on Kubernetes."""
    paused: NotRequired[bool]
    """Stop consuming and let the inbox fill. Work in progress is finished; a running Kubernetes Job takes new messages
    for up to another ten minutes. Default: False."""


class PlacementArgs(TypedDict):
    """Arguments of one function that the stack file sets, returned by `placement(name)`."""

    target: NotRequired[TargetLike]
    """Target of a function with one lane; replaces `lanes`."""
    lane: NotRequired[str]
    """Name of the only lane."""
    lanes: NotRequired[list[LaneArgs]]
    """The lanes; replace `target`, `lane` and `maximum_concurrency`."""
    maximum_concurrency: NotRequired[int]
    """Maximum concurrent runs of the only lane."""
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
    """Protect an `ecs` lane's service from deletion unless the lane is paused."""
    protect: NotRequired[bool]
    """Protect what holds data; from `intermodal:protect`, which applies to the whole stack."""


class ContainerFunctionArgs(TypedDict):
    """Arguments for a ContainerFunction."""

    image: ImageLike
    """The container image. A plain string is the path of a build folder, or a reference if it has a registry host, a
    tag or a digest."""
    target: NotRequired[TargetLike]
    """Target of a function with one lane. Mutually exclusive with `lanes`."""
    lane: NotRequired[str]
    """Name of the only lane of a function with `target`. Default: `main`."""
    lanes: NotRequired[list[LaneArgs]]
    """The lanes, if there are several. Mutually exclusive with `target`."""
    maximum_concurrency: NotRequired[int]
    """Maximum concurrent runs of the lane. Default: 50 on Lambda, 10 tasks on ECS, 10 Jobs on Kubernetes."""
    command: NotRequired[list[Input[str]]]
    """Arguments of the image's entry point, in place of its CMD: for an AWS base image, the handler, such as
    `["app.handler"]`. One image can so hold several functions. Default: the image's CMD."""
    entry_point: NotRequired[list[Input[str]]]
    """Program and arguments in place of the image's ENTRYPOINT. Needs `command`: Docker drops the image's CMD with
    another entry point, and AWS does not document what Lambda does. Default: the image's ENTRYPOINT."""
    working_directory: NotRequired[Input[str]]
    """Absolute path in place of the image's WORKDIR. Default: the image's WORKDIR."""
    memory_mib: NotRequired[Input[int]]
    """Memory in MiB. Default: 512."""
    ephemeral_storage_mib: NotRequired[int]
    """Space in /tmp in MiB, the only writable folder. On Fargate, a task gets at least this in addition to its default
    20 GiB. On Kubernetes, the pod's volume has this limit, its node must have this space, and a run that uses more is
    evicted. Default: 512."""
    vcpu: NotRequired[float]
    """Minimum vCPUs. Lambda allocates one vCPU per 1,769 MiB, so `memory_mib` must be large enough. Default: no
    minimum."""
    architecture: NotRequired[ArchitectureLike]
    """The image's instruction set. Default: `x86_64`."""
    timeout_seconds: NotRequired[Input[int]]
    """Maximum duration of a run in seconds. The inbox's visibility timeout is six times as long, at most 12 hours.
    Default: 60."""
    platform: NotRequired[PlatformLike]
    """Shared infrastructure: a Platform, or the handle of one in another stack. Default: none."""
    vpc: NotRequired[bool]
    """Run in the platform's VPC, with a dedicated security group. Default: False."""
    security_group_ids: NotRequired[list[Input[str]]]
    """Additional security groups in the VPC, at most four. Default: none."""
    environment: NotRequired[dict[str, Input[str]]]
    """Environment variables. Default: none."""
    secrets: NotRequired[dict[str, Input[str]]]
    """Environment variables from secrets. Each value is the ARN of a Secrets Manager secret, `ARN:key` for one key of
    its JSON, or the ARN of an SSM parameter. For a secret created in the same program, use the `arn` of its
    SecretVersion: a secret without a version has no value. On Lambda and Kubernetes, run `pulumi up` after a rotation.
    A handler that reads the secret itself needs `links` instead. Default: none."""
    kms_key_arn: NotRequired[Input[str]]
    """KMS key that encrypts a Lambda function's environment variables, including the values from `secrets`. The role
    may decrypt with it. ECS and Kubernetes store no secret value in their definitions. Default: an AWS-provided key, so
    that anyone who may read the function's configuration can read the variables; `links: [read(secret)]` avoids
    that."""
    links: NotRequired[list[LinkArgs]]
    """Resources that the function uses: `read(bucket)`, `send(queue)`, … Default: none."""
    permissions: NotRequired[list[PermissionArgs]]
    """Permissions for the role, in addition to those for its logs, its inbox and `links`. Default: none."""
    sources: NotRequired[list[SourceArgs]]
    """Event sources. Default: none; messages can always be sent to the inbox."""
    batch_size: NotRequired[int]
    """Maximum messages in one event, 1 to 10,000. More than 10 needs `batch_window_seconds`; an event has at most 6 MB.
    Default: 10."""
    batch_window_seconds: NotRequired[int]
    """Maximum time to collect messages for one event, 0 to 300 seconds. Default: 0."""
    report_batch_item_failures: NotRequired[bool]
    """Whether the handler's response may list the failed messages (`batchItemFailures`). With False, the response is
    ignored and an event succeeds or fails as a whole, for handlers that return something else. Default: True."""
    maximum_receives: NotRequired[int]
    """Receives before a message becomes a dead letter, 1 to 1,000. AWS recommends at least 5 for Lambda, where a
    throttled event counts as a receive. Default: 5."""
    reserved_concurrency: NotRequired[int]
    """Part of the account's Lambda concurrency that only this function may use; at least `maximum_concurrency`. For
    target `lambda` only. Default: none."""
    ecs: NotRequired[EcsOptionsArgs]
    """Options for lanes on ECS; other targets do not use them. Default: none."""
    kubernetes: NotRequired[KubernetesOptionsArgs]
    """Options for lanes on Kubernetes; other targets do not use them. Default: none."""
    fifo: NotRequired[bool]
    """Keep the order within each message group: the inbox is a FIFO queue, fed by `queue` and FIFO `topic` sources. A
    change replaces the inbox. On ECS and Kubernetes, set `maximum_concurrency` to the number of busy groups. Otherwise,
    messages that wait behind another message in their group start tasks and Jobs that receive nothing. Default:
    False."""
    trust: NotRequired[list[TrustLike]]
    """Principals that may assume the role, independent of the lanes. Default: Lambda and every target that the platform
    offers."""
    role: NotRequired[ExistingRoleArgs]
    """An existing role. Mutually exclusive with `trust`. Default: a new role."""
    alarm_topic_arns: NotRequired[list[Input[str]]]
    """SNS topics notified by the alarms. Default: none; the alarms are created anyway."""
    log_retention_days: NotRequired[int]
    """Log retention in days. Default: 30."""
    protect: NotRequired[bool]
    """Protect the inboxes, the dead-letter queues and the role from deletion, keep the logs, and require an image
    digest. ResourceOptions(protect=True) does the same but does not require a digest. Default: False."""
    drain_before_delete: NotRequired[bool]
    """Protect an `ecs` lane's service from deletion unless the lane is `paused`: pause it, wait until no task is
    running, then move or remove it. AWS does not document whether a protected task survives the deletion of its
    service. Once False is deployed, a move away from `ecs` or a destroy takes one step but may interrupt runs; their
    messages are redelivered. Default: True."""
    tags: NotRequired[dict[str, Input[str]]]
    """Tags for every taggable child. Default: none."""
    placement: NotRequired[PlacementArgs]
    """Arguments that the stack file sets; they override those of the program. Default: none."""
