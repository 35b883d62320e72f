"""The execution role: what ECS itself needs to start the containers, apart from what the function may do."""

from dataclasses import dataclass

from pulumi import Alias, Output, ResourceOptions
from pulumi_aws import iam

from intermodal.documents import json_text
from intermodal.identity.args import PermissionArgs
from intermodal.identity.role import allow
from intermodal.identity.secrets import read_permissions
from intermodal.identity.trust import PRINCIPALS, service_statement
from intermodal.platform.ecr import repository_of
from intermodal.targets.contract import LaneContext
from intermodal.targets.ecs_scaling import scheduler_group_arn
from intermodal.targets.off_lambda import handle_of

SCHEDULER = "scheduler.amazonaws.com"
PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


@dataclass(frozen=True, kw_only=True)
class ExecutionRole:
    """The role and its policy."""

    arn: Output[str]
    policy: iam.RolePolicy


def create_execution_role(context: LaneContext, opts: ResourceOptions) -> ExecutionRole:
    """May write the function's logs, read its secrets, and pull the two images where they are in ECR; and, for the
    schedule that keeps the inbox's metrics timely, one call of SQS that changes nothing.

    A secret or parameter under a key of your own also needs kms:Decrypt, which that key's policy has to give.
    """
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            service_statement(PRINCIPALS["ecs-tasks"], context.account),
            service_statement(SCHEDULER, context.account, context.inbox.arn.apply(scheduler_group_arn)),
        ],
    }
    role = iam.Role(
        f"{context.name}-exec",  # 64 characters are all that IAM takes, with the engine's eight
        assume_role_policy=json_text(trust),
        tags=context.function.tags,
        opts=ResourceOptions.merge(opts, ResourceOptions(aliases=[Alias(name=f"{context.name}-execution-role")])),
    )
    active = PermissionArgs(sid="Active", actions=["sqs:UntagQueue"], resources=[context.inbox.arn])
    images = Output.all(context.function.image, handle_of(context.function)["adapter_image"])
    secrets = Output.all(*context.function.secrets.values())
    document = Output.all(images, context.log_group.arn, secrets).apply(
        lambda known: allow(
            [*_statements(known[0], known[1]), active, *read_permissions(known[2])], context.function.subject
        )
    )
    policy = iam.RolePolicy(f"{context.name}-execution", role=role.name, policy=document, opts=opts)
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
