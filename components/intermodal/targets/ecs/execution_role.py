"""Create the execution role, which ECS uses to start the containers; it is separate from the function's role."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pulumi import Alias, Input, Output, ResourceOptions
from pulumi_aws import iam

from intermodal.documents import json_text
from intermodal.identity.args import PermissionArgs
from intermodal.identity.role import render_permissions
from intermodal.identity.secrets import read_permissions
from intermodal.identity.trust import service_principal, service_statement
from intermodal.images.ecr import repository_of
from intermodal.targets.ecs.check import TRUSTED
from intermodal.targets.ecs.scaling import scheduler_group_arn

SCHEDULER = "scheduler.amazonaws.com"
PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


@dataclass(frozen=True, kw_only=True)
class ExecutionRole:
    """The execution role and its policy."""

    arn: Output[str]
    policy: iam.RolePolicy


@dataclass(frozen=True, kw_only=True)
class ExecutionRoleArgs:
    """Arguments for a lane's execution role."""

    name: str
    """`{function}-{lane}`."""
    display_name: str
    account: Input[str]
    inbox_arn: Output[str]
    log_group_arn: Output[str]
    images: Sequence[Input[str]]
    """Container images; the role may pull those in ECR."""
    secrets: Sequence[Input[str]]
    """References to the function's secrets."""
    tags: Mapping[str, Input[str]]


def create_execution_role(args: ExecutionRoleArgs, opts: ResourceOptions) -> ExecutionRole:
    """Create `{lane}-exec`, a lane's execution role.

    It may write the function's logs, read its secrets and pull the images from ECR. For the schedule that keeps the
    inbox's metrics up to date, it may also make an SQS call that has no effect.

    A secret or parameter with a customer managed key also requires kms:Decrypt, which the key policy must grant.
    """
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            service_statement(service_principal(TRUSTED), args.account),
            service_statement(SCHEDULER, args.account, args.inbox_arn.apply(scheduler_group_arn)),
        ],
    }
    role = iam.Role(
        f"{args.name}-exec",  # IAM's limit of 64 characters includes the engine's suffix of eight
        assume_role_policy=json_text(trust),
        tags=args.tags,
        opts=ResourceOptions.merge(opts, ResourceOptions(aliases=[Alias(name=f"{args.name}-execution-role")])),
    )
    active = PermissionArgs(sid="Active", actions=["sqs:UntagQueue"], resources=[args.inbox_arn])
    known_later = Output.all(Output.all(*args.images), args.log_group_arn, Output.all(*args.secrets))
    document = known_later.apply(
        lambda known: render_permissions(
            [*_statements(known[0], known[1]), active, *read_permissions(known[2])], args.display_name
        )
    )
    policy = iam.RolePolicy(f"{args.name}-execution", role=role.name, policy=document, opts=opts)
    return ExecutionRole(arn=role.arn, policy=policy)


def _statements(images: list[str], log_group_arn: str) -> list[PermissionArgs]:
    write = PermissionArgs(
        sid="Logs",
        actions=["logs:CreateLogStream", "logs:PutLogEvents"],
        resources=[log_group_arn, f"{log_group_arn}:*"],
    )
    repositories = sorted({found.arn for found in map(repository_of, images) if found})
    if not repositories:
        return [write]
    token = PermissionArgs(sid="Token", actions=["ecr:GetAuthorizationToken"], resources=["*"])
    return [write, token, PermissionArgs(sid="Pull", actions=list(PULL), resources=list(repositories))]
