"""Create a container function's role with its trust policy and permissions."""

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
"""Actions for consuming an inbox on any target, so that a move does not change the role."""

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
"""Network interface actions that make changes."""

ROLE = "aws:iam/role:Role"

ROLE_ARN = re.compile(r"arn:[\w-]+:iam::(\d{12}):role/(?:.*/)?([\w+=,.@-]+)")


@dataclass(frozen=True, kw_only=True)
class Role:
    """The function's role, created or existing."""

    arn: Output[str]
    name: Output[str]
    resource: iam.Role | None
    """The created role; None for an existing role."""


@dataclass(frozen=True, kw_only=True)
class RoleArgs:
    """Arguments for a function's role."""

    function: str
    display_name: str
    account: Input[str]
    trust: Input[Sequence[TrustSpec]]
    """Trust policy statements, which do not depend on the lanes."""
    existing_arn: Input[str] | None
    """ARN of an existing role, which must trust the lanes' targets."""
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
    """Return an existing role after checking its trust policy."""
    found = iam.get_role_output(name=name, opts=InvokeOptions(parent=parent))
    trusted = Output.all(Output.all(*args.principals), found.name, found.assume_role_policy).apply(
        lambda known: require_trust(args.display_name, *known)
    )
    return Role(arn=found.arn, name=trusted, resource=None)


def parse_role_name(display_name: str, arn: str, account: str) -> str:
    """Return the name of a role in this account.

    Raises:
        DefinitionError: `arn` is not the ARN of a role, or the role is in another account.
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
    """Return `name` if the trust policy, in JSON, trusts all principals.

    Raises:
        DefinitionError: The policy does not trust a principal.
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
    """Arguments for the role's permissions that apply to all lanes."""

    function: str
    display_name: str
    log_group: cloudwatch.LogGroup
    vpc: bool
    kms_key_arn: Input[str] | None
    ecs_cluster_arn: Output[str | None] | None
    """ARN of the platform's cluster, whose tasks the function may protect."""
    permissions: Sequence[PermissionArgs]
    """Permissions from the definition."""


def create_permissions(args: PermissionsArgs, role: Role, parent: Resource) -> iam.RolePolicy:
    """Create `{function}-permissions`, which allows writing logs, protecting tasks, and the defined permissions."""
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
    """Allow the role to decrypt with the KMS key of the function's environment variables."""
    return [PermissionArgs(sid="Decrypt", actions=["kms:Decrypt"], resources=[key_arn])]


def _allow_protection(cluster_arn: str | None) -> list[PermissionArgs]:
    """Allow the role to protect tasks in the platform's ECS cluster while they process messages.

    This is allowed on all targets: after a move, a task that is still running on ECS renews its protection until it
    finishes, even if the deployment was interrupted and the state no longer contains the service.
    """
    if not cluster_arn:
        return []
    tasks = cluster_arn.replace(":cluster/", ":task/") + "/*"
    return [PermissionArgs(sid="Protect", actions=["ecs:UpdateTaskProtection"], resources=[tasks])]


def _allow_interfaces(logs: cloudwatch.LogGroup) -> list[PermissionArgs]:
    """Allow the actions that Lambda requires in a VPC (Lambda developer guide, VPC: execution role permissions).

    They are allowed on all targets, so that a move does not change the role. Lambda checks every action except
    CreateNetworkInterface without an interface ARN, so only that action can be scoped to a Region. The account is a
    wildcard, because shared subnets belong to another account. `logs` provides the Region.
    """
    here = logs.arn.apply(lambda arn: "arn:{0.partition}:ec2:{0.region}:*:".format(parse(arn)))
    kinds = ("network-interface", "subnet", "security-group")
    parts: list[Input[str]] = [concat(here, kind, "/*") for kind in kinds]
    return [
        PermissionArgs(sid="Interfaces", actions=["ec2:CreateNetworkInterface"], resources=parts),
        PermissionArgs(sid="AllInterfaces", actions=list(UNSCOPED_INTERFACE_ACTIONS), resources=["*"]),
    ]


def deny_interfaces(permissions: Sequence[PermissionArgs]) -> list[dict[str, Any]]:
    """Return statements that deny the handler's code the permissions that only the Lambda service needs.

    Requests from code on Lambda contain `lambda:SourceFunctionArn`; requests from the service do not (Lambda developer
    guide, VPC: best practice). A pod's session has a federated provider (IAM user guide, aws:FederatedProvider).
    Requests from an ECS task contain no key that distinguishes them from Lambda, so its code keeps these permissions.
    Permissions from the definition are not denied.
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
    """Create `{name}-consume`, which allows the role to consume one lane's inbox."""
    permission = PermissionArgs(sid="Consume", actions=list(CONSUME_ACTIONS), resources=[inbox_arn])
    policy = render_permissions([permission], display_name)
    return iam.RolePolicy(f"{name}-consume", role=role.name, policy=policy, opts=ResourceOptions(parent=parent))


def render_permissions(
    permissions: Sequence[PermissionArgs], display_name: str, denied: Sequence[dict[str, Any]] = ()
) -> Input[str]:
    """Render a policy with one statement per permission; raise an error if lint finds problems."""
    statements = [*map(_render_statement, permissions), *denied]
    return render_policy({"Version": "2012-10-17", "Statement": statements}, display_name, lint.lint_permissions)


def _render_statement(permission: PermissionArgs) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Action": permission["actions"],
        "Resource": permission["resources"],
    }
    return {"Sid": permission["sid"], **statement} if "sid" in permission else statement
