"""What a caller may say of a container function."""

from typing import Any, NotRequired, TypedDict

from pulumi import Input

from intermodal.events.args import SourceArgs
from intermodal.identity.args import ExistingRoleArgs, LinkArgs, PermissionArgs, TrustArgs
from intermodal.images.architecture import Architecture
from intermodal.limits import Target


class ImageArgs(TypedDict):
    """The container image: exactly one of `uri` and `build`."""

    uri: NotRequired[Input[str]]
    """A Lambda-compatible image in a registry, best by digest (`…/scan@sha256:…`)."""
    build: NotRequired[str]
    """Folder with a Dockerfile; the reference changes whenever a file in it does."""


class LaneArgs(TypedDict):
    """One lane: an inbox and the target that consumes it."""

    name: str
    """Lower-case letters and digits; part of every name in the lane, so the lane that stays keeps it."""
    target: Target
    """The compute service that runs the function in this lane."""
    share: NotRequired[int]
    """Sixteenths of the events, 16 on one lane and 0 on the others. Default: 16 for a sole lane, else 0."""
    maximum_concurrency: NotRequired[int]
    """Maximum concurrent runs. Default: 50 on Lambda, 10 tasks on ECS, 10 Jobs on Kubernetes."""
    paused: NotRequired[bool]
    """Keep the inbox filling and consume nothing. What is at work ends first; on Kubernetes a Job that runs takes new
    messages for up to ten minutes more. Default: False."""


class ContainerFunctionArgs(TypedDict):
    """Arguments of a ContainerFunction."""

    image: ImageArgs
    """The container image; a plain string is taken as its `uri`."""
    target: NotRequired[Target]
    """Sugar for one lane. Give this or `lanes`."""
    lane: NotRequired[str]
    """Name of that one lane. Default: `main`."""
    lanes: NotRequired[list[LaneArgs]]
    """The lanes, where there are several. Give this or `target`."""
    maximum_concurrency: NotRequired[int]
    """Maximum concurrent runs of this lane. Default: 50 on Lambda, 10 tasks on ECS, 10 Jobs on Kubernetes."""
    memory_mib: NotRequired[Input[int]]
    """Memory in MiB. Default: 512."""
    vcpu: NotRequired[float]
    """Fewest vCPUs. Lambda gives one for each 1,769 MiB of memory, so it asks for enough of that. Default: no wish."""
    architecture: NotRequired[Architecture]
    """Instruction set that the image is built for. Default: `x86_64`."""
    timeout_seconds: NotRequired[Input[int]]
    """Longest run in seconds; the inbox hides a message six times as long, 12 hours at most. Default: 60."""
    platform: NotRequired[Input[dict[str, Any]]]
    """What the function shares with others: `platform.handle`. Default: nothing."""
    vpc: NotRequired[bool]
    """Run in the platform's VPC, with a security group of its own. Default: False."""
    security_group_ids: NotRequired[list[Input[str]]]
    """Further security groups in the VPC; four at most beside the function's own. Default: none."""
    environment: NotRequired[dict[str, Input[str]]]
    """Environment variables. Default: none."""
    secrets: NotRequired[dict[str, Input[str]]]
    """Environment variables with the values of secrets: the ARN of a secret of Secrets Manager, `ARN:key` for one key
    of its JSON, or the ARN of a parameter of SSM. For a secret of the same program give its SecretVersion's
    `arn`, or there is no value to read yet. On Lambda and Kubernetes a rotation needs another `pulumi up`; a
    handler that reads the secret itself has it in its `links`. Default: none."""
    kms_key_arn: NotRequired[Input[str]]
    """Key of KMS that encrypts the variables that Lambda keeps, with the values of `secrets` among them; the role may
    decrypt with it. ECS and Kubernetes keep no value of a secret in their definitions. Default: a key of AWS, so that
    who may read the function's configuration reads its variables; `links: [read(secret)]` avoids that."""
    links: NotRequired[list[LinkArgs]]
    """What the function uses: `read(bucket)`, `send(queue)`, … Default: nothing."""
    permissions: NotRequired[list[PermissionArgs]]
    """What the role may do beyond its own logs, inbox and links. Default: nothing."""
    sources: NotRequired[list[SourceArgs]]
    """Where events come from. Default: none; the inbox can always be sent to."""
    fifo: NotRequired[bool]
    """Keep the order within each message group: the inbox is a FIFO queue, fed by `queue` and FIFO `topic` sources.
    A change replaces the inbox. Off Lambda give `maximum_concurrency` too, as many as there are busy groups: messages
    that wait behind one of their group would start tasks and Jobs that find nothing. Default: False."""
    trust: NotRequired[list[TrustArgs]]
    """Who may assume the role; it does not follow the lanes. Default: lambda, and what else the platform offers."""
    role: NotRequired[ExistingRoleArgs]
    """A role that exists. Give this or `trust`, or neither. Default: a role of its own."""
    alarm_topic_arns: NotRequired[list[Input[str]]]
    """SNS topics that are told when a message was given up. Default: none; the alarms are there."""
    log_retention_days: NotRequired[int]
    """Days that logs are kept. Default: 30."""
    protect: NotRequired[bool]
    """Protect inboxes, dead letters and role, keep logs, require a digest; ResourceOptions(protect=True) does the same
    without requiring a digest. Default: False."""
    drain_before_delete: NotRequired[bool]
    """Protect the service of an `ecs` lane from deletion unless the lane is `paused`: pause it, wait until no task
    runs, then move or remove it. AWS does not document whether a protected task outlives the deletion of its service.
    With False, once that is deployed, a move away from `ecs` or a destroy is one step and may interrupt runs; their
    messages come back. Default: True."""
    tags: NotRequired[dict[str, Input[str]]]
    """Tags of every child that takes tags. Default: none."""
