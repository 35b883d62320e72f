"""Arguments of a container function."""

from typing import Any, NotRequired, TypedDict

from pulumi import Input

from intermodal.events.args import SourceArgs
from intermodal.identity.args import ExistingRoleArgs, LinkArgs, PermissionArgs, TrustArgs
from intermodal.images.architecture import Architecture
from intermodal.limits import Target


class ImageArgs(TypedDict):
    """The container image: exactly one of `uri` and `build`."""

    uri: NotRequired[Input[str]]
    """A Lambda-compatible image in a registry, preferably by digest (`…/scan@sha256:…`)."""
    build: NotRequired[str]
    """Folder with a Dockerfile. The image reference changes with every change to a file in it."""


class LaneArgs(TypedDict):
    """One lane: an inbox and the target that consumes it."""

    name: str
    """Lower-case letters and digits. Every name in the lane contains it, so a lane that stays keeps its name."""
    target: Target
    """The compute service that runs the function in this lane."""
    share: NotRequired[int]
    """Sixteenths of the events: 16 on one lane and 0 on the others. Default: 16 for a sole lane, else 0."""
    maximum_concurrency: NotRequired[int]
    """Maximum concurrent runs. Default: 50 on Lambda, 10 tasks on ECS, 10 Jobs on Kubernetes."""
    paused: NotRequired[bool]
    """Stop consuming and let the inbox fill. Work in progress ends first; a running Kubernetes Job takes new messages
    for up to ten minutes more. Default: False."""


class ContainerFunctionArgs(TypedDict):
    """Arguments of a ContainerFunction."""

    image: ImageArgs
    """The container image. A plain string is its `uri`."""
    target: NotRequired[Target]
    """Target of a function with one lane. Give this or `lanes`."""
    lane: NotRequired[str]
    """Name of that one lane. Default: `main`."""
    lanes: NotRequired[list[LaneArgs]]
    """The lanes, if there are several. Give this or `target`."""
    maximum_concurrency: NotRequired[int]
    """Maximum concurrent runs of the lane. Default: 50 on Lambda, 10 tasks on ECS, 10 Jobs on Kubernetes."""
    memory_mib: NotRequired[Input[int]]
    """Memory in MiB. Default: 512."""
    vcpu: NotRequired[float]
    """Minimum vCPUs. Lambda gives one vCPU per 1,769 MiB, so there it requires enough memory. Default: no minimum."""
    architecture: NotRequired[Architecture]
    """Instruction set of the image. Default: `x86_64`."""
    timeout_seconds: NotRequired[Input[int]]
    """Maximum duration of a run in seconds. The inbox hides a message for six times as long, at most 12 hours. Default:
    60."""
    platform: NotRequired[Input[dict[str, Any]]]
    """Shared infrastructure: `platform.handle`. Default: none."""
    vpc: NotRequired[bool]
    """Run in the platform's VPC with a security group of its own. Default: False."""
    security_group_ids: NotRequired[list[Input[str]]]
    """Additional security groups in the VPC, at most four. Default: none."""
    environment: NotRequired[dict[str, Input[str]]]
    """Environment variables. Default: none."""
    secrets: NotRequired[dict[str, Input[str]]]
    """Environment variables from secrets. Each value is the ARN of a Secrets Manager secret, `ARN:key` for one key of
    its JSON, or the ARN of an SSM parameter. For a secret of the same program, give the `arn` of its SecretVersion: a
    secret without a version has no value. On Lambda and Kubernetes, run `pulumi up` after a rotation. A handler that
    reads the secret itself needs `links` instead. Default: none."""
    kms_key_arn: NotRequired[Input[str]]
    """KMS key that encrypts the variables of a Lambda function, including the values of `secrets`. The role may decrypt
    with it. ECS and Kubernetes store no secret value in their definitions. Default: an AWS-provided key, so that anyone
    who may read the function's configuration can read the variables; `links: [read(secret)]` avoids that."""
    links: NotRequired[list[LinkArgs]]
    """Resources that the function uses: `read(bucket)`, `send(queue)`, … Default: none."""
    permissions: NotRequired[list[PermissionArgs]]
    """Permissions of the role beyond its own logs, inbox and links. Default: none."""
    sources: NotRequired[list[SourceArgs]]
    """Event sources. Default: none; messages can always be sent to the inbox."""
    fifo: NotRequired[bool]
    """Keep the order within each message group: the inbox is a FIFO queue, fed by `queue` and FIFO `topic` sources. A
    change replaces the inbox. On ECS and Kubernetes, set `maximum_concurrency` to the number of busy groups. Otherwise
    messages that wait behind one of their group start tasks and Jobs that find nothing. Default: False."""
    trust: NotRequired[list[TrustArgs]]
    """Principals that may assume the role, independent of the lanes. Default: Lambda and every target that the platform
    offers."""
    role: NotRequired[ExistingRoleArgs]
    """An existing role. Give this or `trust`, or neither. Default: a new role."""
    alarm_topic_arns: NotRequired[list[Input[str]]]
    """SNS topics notified by the alarms. Default: none; the alarms are created anyway."""
    log_retention_days: NotRequired[int]
    """Days to keep logs. Default: 30."""
    protect: NotRequired[bool]
    """Protect inboxes, dead-letter queues and role from deletion, keep logs, and require an image digest.
    ResourceOptions(protect=True) does the same without requiring a digest. Default: False."""
    drain_before_delete: NotRequired[bool]
    """Protect the service of an `ecs` lane from deletion unless the lane is `paused`: pause it, wait until no task
    runs, then move or remove it. AWS does not document whether a protected task survives the deletion of its service.
    With False, once deployed, a move away from `ecs` or a destroy takes one step and may interrupt runs; their messages
    are redelivered. Default: True."""
    tags: NotRequired[dict[str, Input[str]]]
    """Tags of every taggable child. Default: none."""
