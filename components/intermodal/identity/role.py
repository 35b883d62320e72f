"""The role of a container function: trust and permissions."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, cast

from pulumi import Input, InvokeOptions, Output, Resource, ResourceOptions
from pulumi_aws import cloudwatch, iam

from intermodal.arns import concat, parse
from intermodal.documents import render_policy
from intermodal.identity import lint
from intermodal.identity.args import PermissionArgs
from intermodal.identity.trust import TrustSpec, trust_policy
from intermodal.problems.errors import DefinitionError, Problem

CONSUME_ACTIONS = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility")
"""Permissions to consume an inbox on any target, so that a move leaves the role unchanged."""

UNSCOPED_INTERFACE_ACTIONS = (
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
)

MANAGE_ACTIONS = (
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
)
"""The subset of these that changes something."""

ROLE = "aws:iam/role:Role"

ROLE_ARN = re.compile(r"arn:[\w-]+:iam::(\d{12}):role/(?:.*/)?([\w+=,.@-]+)")


@dataclass(frozen=True, kw_only=True)
class Role:
    """The function's role, created or existing."""

    arn: Output[str]
    name: Output[str]
    resource: iam.Role | None
    """The created role; None for an existing one."""


@dataclass(frozen=True, kw_only=True)
class RoleArgs:
    """Arguments of a function's role."""

    function: str
    display_name: str
    account: Input[str]
    trust: Input[Sequence[TrustSpec]]
    """Statements of the trust policy, independent of the lanes."""
    existing_arn: Input[str] | None
    """ARN of an existing role; its trust must cover the lanes."""
    principals: Sequence[Input[str]]
    """Principals that an existing role must trust."""
    protect: bool
    tags: Mapping[str, Input[str]]


def create_role(args: RoleArgs, parent: Resource) -> Role:
    """Create `{function}-role`, or look up an existing role."""
    if args.existing_arn is not None:
        name = Output.all(args.existing_arn, args.account).apply(
            lambda known: parse_role_name(args.display_name, *known)
        )
        return _look_up(args, name, parent)
    role = iam.Role(
        f"{args.function}-role",
        assume_role_policy=_trust_policy(args),
        tags=args.tags,
        opts=ResourceOptions(parent=parent, protect=args.protect or None),
    )
    return Role(arn=role.arn, name=role.name, resource=role)


def _trust_policy(args: RoleArgs) -> Input[str]:
    def render(trust: Sequence[TrustSpec], account: Input[str]) -> Input[str]:
        return render_policy(trust_policy(trust, account), args.display_name, lint.lint_trust)

    if isinstance(args.trust, Output):
        return Output.all(args.account, args.trust).apply(lambda known: render(known[1], known[0]))
    return render(cast("Sequence[TrustSpec]", args.trust), args.account)


def _look_up(args: RoleArgs, name: Output[str], parent: Resource) -> Role:
    """Return an existing role, once its trust is checked."""
    found = iam.get_role_output(name=name, opts=InvokeOptions(parent=parent))
    trusted = Output.all(Output.all(*args.principals), found.name, found.assume_role_policy).apply(
        lambda known: require_trust(args.display_name, *known)
    )
    return Role(arn=found.arn, name=trusted, resource=None)


def parse_role_name(display_name: str, arn: str, account: str) -> str:
    """Return the name of a role in this account.

    Raises:
        DefinitionError: `arn` is not a role, or is in another account.
    """
    parts = ROLE_ARN.fullmatch(arn)
    if parts is None:
        raise _error(display_name, f"must be the ARN of a role, got {arn!r}")
    if parts.group(1) != account:
        text = f"must be a role in account {account}, where the function is, got one in {parts.group(1)}"
        raise _error(
            display_name, (f"{text}; create a role in this account, and let it assume the other one if necessary")
        )
    return parts.group(2)


def require_trust(display_name: str, wanted: Sequence[str], name: str, policy: str) -> str:
    """Return `name` if the trust policy (JSON) names all principals.

    Raises:
        DefinitionError: A principal is missing.
    """
    statements = json.loads(policy).get("Statement", [])
    listed = statements if isinstance(statements, list) else [statements]
    trusted = json.dumps([each.get("Principal") for each in listed if each.get("Effect") == "Allow"])
    if missing := [principal for principal in wanted if f'"{principal}"' not in trusted]:
        text = f"must trust {' and '.join(missing)}, but role {name} does not; add it to the role's trust policy"
        raise _error(display_name, text)
    return name


def _error(display_name: str, text: str) -> DefinitionError:
    return DefinitionError(display_name, [Problem(path="role.arn", text=text)])


@dataclass(frozen=True, kw_only=True)
class PermissionsArgs:
    """Arguments of a role's permissions on every lane."""

    function: str
    display_name: str
    log_group: cloudwatch.LogGroup
    vpc: bool
    kms_key_arn: Input[str] | None
    ecs_cluster_arn: Output[str | None] | None
    """The platform's cluster, whose tasks the function may protect."""
    permissions: Sequence[PermissionArgs]
    """Permissions from the definition."""


def create_permissions(args: PermissionsArgs, role: Role, parent: Resource) -> iam.RolePolicy:
    """Create `{function}-permissions`: to write logs, to protect tasks, and those in the definition."""
    logs = args.log_group
    write_logs = PermissionArgs(
        sid="Logs",
        actions=["logs:CreateLogStream", "logs:PutLogEvents"],
        resources=[logs.arn, concat(logs.arn, ":*")],  # the group and its streams
    )
    interfaces = _allow_interfaces(logs) if args.vpc else []
    decrypt = _allow_decrypt(args.kms_key_arn) if args.kms_key_arn is not None else []
    denied = deny_interfaces(args.permissions) if args.vpc else []
    cluster = args.ecs_cluster_arn
    protection = Output.from_input([]) if cluster is None else cluster.apply(_allow_protection)
    others = [*interfaces, *decrypt, *args.permissions]
    policy = protection.apply(
        lambda protect: render_permissions([write_logs, *protect, *others], args.display_name, denied)
    )
    return iam.RolePolicy(
        f"{args.function}-permissions", role=role.name, policy=policy, opts=ResourceOptions(parent=parent)
    )


def _allow_decrypt(key_arn: Input[str]) -> list[PermissionArgs]:
    """Allow the role to use the key with which Lambda encrypts the function's variables."""
    return [PermissionArgs(sid="Decrypt", actions=["kms:Decrypt"], resources=[key_arn])]


def _allow_protection(cluster_arn: str | None) -> list[PermissionArgs]:
    """Allow the role to protect tasks of the platform's ECS cluster while they work.

    Granted on every target: after a move, a task left on ECS renews its protection until its work ends. This holds even
    if the deployment was interrupted and the engine no longer knows the task.
    """
    if not cluster_arn:
        return []
    tasks = cluster_arn.replace(":cluster/", ":task/") + "/*"
    return [PermissionArgs(sid="Protect", actions=["ecs:UpdateTaskProtection"], resources=[tasks])]


def _allow_interfaces(logs: cloudwatch.LogGroup) -> list[PermissionArgs]:
    """Allow the actions that Lambda needs in a VPC (Lambda developer guide, VPC: execution role permissions).

    Granted on every target, so that a move leaves the role unchanged. Lambda checks all actions but the creation
    without naming an interface. So only the creation can be scoped to a Region. The account is open, because a shared
    subnet belongs to another account. `logs` provides the Region.
    """
    here = logs.arn.apply(lambda arn: "arn:{0.partition}:ec2:{0.region}:*:".format(parse(arn)))
    kinds = ("network-interface", "subnet", "security-group")
    parts: list[Input[str]] = [concat(here, kind, "/*") for kind in kinds]
    return [
        PermissionArgs(sid="Interfaces", actions=["ec2:CreateNetworkInterface"], resources=parts),
        PermissionArgs(sid="AllInterfaces", actions=list(UNSCOPED_INTERFACE_ACTIONS), resources=["*"]),
    ]


def deny_interfaces(permissions: Sequence[PermissionArgs]) -> list[dict[str, Any]]:
    """Deny the handler's code the permissions that only the Lambda service needs.

    Calls of code on Lambda carry `lambda:SourceFunctionArn`; calls of the service do not (Lambda developer guide, VPC:
    best practice). The session of a pod has a federated provider (IAM user guide, aws:FederatedProvider). An ECS task
    carries no key that distinguishes it from Lambda, so its code keeps these permissions. Permissions of the definition
    are not denied.
    """
    permitted = [action.lower() for permission in permissions for action in permission["actions"]]
    denied = [action for action in MANAGE_ACTIONS if not any(fnmatchcase(action.lower(), each) for each in permitted)]
    conditions: dict[str, dict[str, Any]] = {
        "InterfacesOfCode": {"ArnLike": {"lambda:SourceFunctionArn": "arn:*:lambda:*:*:function:*"}},
        "InterfacesOfPods": {"Null": {"aws:FederatedProvider": "false"}},
    }
    return [
        {"Sid": sid, "Effect": "Deny", "Action": denied, "Resource": "*", "Condition": condition}
        for sid, condition in conditions.items()
        if denied
    ]


def create_consume(display_name: str, name: str, role: Role, inbox_arn: Input[str], parent: Resource) -> iam.RolePolicy:
    """Create `{name}-consume`, which allows the role to consume the inbox of one lane."""
    permission = PermissionArgs(sid="Consume", actions=list(CONSUME_ACTIONS), resources=[inbox_arn])
    policy = render_permissions([permission], display_name)
    return iam.RolePolicy(f"{name}-consume", role=role.name, policy=policy, opts=ResourceOptions(parent=parent))


def render_permissions(
    permissions: Sequence[PermissionArgs], display_name: str, denied: Sequence[dict[str, Any]] = ()
) -> Input[str]:
    """Render a policy with one statement per permission; raise the problems that lint finds."""
    statements = [*map(_render_statement, permissions), *denied]
    return render_policy({"Version": "2012-10-17", "Statement": statements}, display_name, lint.lint_permissions)


def _render_statement(permission: PermissionArgs) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Action": permission["actions"],
        "Resource": permission["resources"],
    }
    return {"Sid": permission["sid"], **statement} if "sid" in permission else statement
