"""The one role of a container function and what it may do."""

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
"""What consuming an inbox takes on any target, so that a change of target leaves the role alone."""

UNSCOPED_INTERFACE_ACTIONS = (
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
)

MANAGE_INTERFACE_ACTIONS = (
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
)
"""Of these, what changes something."""

ROLE = "aws:iam/role:Role"

ROLE_ARN = re.compile(r"arn:[\w-]+:iam::(\d{12}):role/(?:.*/)?([\w+=,.@-]+)")


@dataclass(frozen=True, kw_only=True)
class Role:
    """The function's role, created or adopted."""

    arn: Output[str]
    name: Output[str]


@dataclass(frozen=True, kw_only=True)
class RoleArgs:
    """Arguments of a function's role."""

    function: str
    subject: str
    account: Input[str]
    trust: Input[Sequence[TrustSpec]]
    """Statements of its trust policy; data of its own that does not follow the lanes."""
    existing_arn: Input[str] | None
    """ARN of a role that exists; it must trust what runs the lanes."""
    principals: Sequence[Input[str]]
    """Principals that a role which exists must trust."""
    protect: bool
    tags: Mapping[str, Input[str]]


def create_role(args: RoleArgs, parent: Resource) -> Role:
    """Create `{function}-role`, or look up the role that exists."""
    if args.existing_arn is not None:
        name = Output.all(args.existing_arn, args.account).apply(lambda known: parse_role_name(args.subject, *known))
        return _look_up(args, name, parent)
    role = iam.Role(
        f"{args.function}-role",
        assume_role_policy=_trust_policy(args),
        tags=args.tags,
        opts=ResourceOptions(parent=parent, protect=args.protect or None),
    )
    return Role(arn=role.arn, name=role.name)


def _trust_policy(args: RoleArgs) -> Input[str]:
    def render(trust: Sequence[TrustSpec], account: Input[str]) -> Input[str]:
        return render_policy(trust_policy(trust, account), args.subject, lint.lint_trust)

    if isinstance(args.trust, Output):
        return Output.all(args.account, args.trust).apply(lambda known: render(known[1], known[0]))
    return render(cast("Sequence[TrustSpec]", args.trust), args.account)


def _look_up(args: RoleArgs, name: Output[str], parent: Resource) -> Role:
    """Return a role that exists, once it trusts what runs the function's lanes."""
    found = iam.get_role_output(name=name, opts=InvokeOptions(parent=parent))
    trusted = Output.all(Output.all(*args.principals), found.name, found.assume_role_policy).apply(
        lambda known: require_trust(args.subject, *known)
    )
    return Role(arn=found.arn, name=trusted)


def parse_role_name(subject: str, arn: str, account: str) -> str:
    """The name of a role of this account.

    Raises:
        DefinitionError: it is no role, or another account's.
    """
    parts = ROLE_ARN.fullmatch(arn)
    if parts is None:
        raise _error(subject, "role.arn", f"must be the ARN of a role, got {arn!r}")
    if parts.group(1) != account:
        text = f"must be a role of account {account}, where the function is, got one of {parts.group(1)}"
        raise _error(subject, "role.arn", f"{text}; create one here, and let it assume that one if it has to")
    return parts.group(2)


def require_trust(subject: str, wanted: Sequence[str], name: str, policy: str) -> str:
    """The name of a role whose trust policy (JSON) names every one of these principals.

    Raises:
        DefinitionError: it does not.
    """
    statements = json.loads(policy).get("Statement", [])
    listed = statements if isinstance(statements, list) else [statements]
    trusted = json.dumps([each.get("Principal") for each in listed if each.get("Effect") == "Allow"])
    if missing := [principal for principal in wanted if f'"{principal}"' not in trusted]:
        text = f"must trust {' and '.join(missing)}, and role {name} does not; add it to the role's trust policy"
        raise _error(subject, "role.arn", text)
    return name


def _error(subject: str, path: str, text: str) -> DefinitionError:
    return DefinitionError(subject, [Problem(path=path, text=text)])


@dataclass(frozen=True, kw_only=True)
class PermissionsArgs:
    """Arguments of what a function may do on every lane."""

    function: str
    subject: str
    log_group: cloudwatch.LogGroup
    vpc: bool
    kms_key_arn: Input[str] | None
    ecs_cluster_arn: Output[str | None] | None
    """The platform's, whose tasks the function may protect."""
    permissions: Sequence[PermissionArgs]
    """What the definition permits."""


def create_permissions(args: PermissionsArgs, role: Role, parent: Resource) -> iam.RolePolicy:
    """Create `{function}-permissions`: write its logs, protect its task, and what its definition permits."""
    logs = args.log_group
    write_logs = PermissionArgs(
        sid="Logs",
        actions=["logs:CreateLogStream", "logs:PutLogEvents"],
        resources=[logs.arn, concat(logs.arn, ":*")],  # the group, and the streams in it
    )
    interfaces = _interface_permissions(logs) if args.vpc else []
    decrypt = _decrypt_permissions(args.kms_key_arn) if args.kms_key_arn is not None else []
    denied = deny_interfaces(args.permissions) if args.vpc else []
    protection = (
        Output.from_input([]) if args.ecs_cluster_arn is None else args.ecs_cluster_arn.apply(_protection_permissions)
    )
    policy = protection.apply(
        lambda protect: render_permissions(
            [write_logs, *protect, *interfaces, *decrypt, *args.permissions], args.subject, denied
        )
    )
    return iam.RolePolicy(
        f"{args.function}-permissions", role=role.name, policy=policy, opts=ResourceOptions(parent=parent)
    )


def _decrypt_permissions(key_arn: Input[str]) -> list[PermissionArgs]:
    """Using the key by which Lambda encrypts the function's variables."""
    return [PermissionArgs(sid="Decrypt", actions=["kms:Decrypt"], resources=[key_arn])]


def _protection_permissions(cluster_arn: str | None) -> list[PermissionArgs]:
    """Protecting tasks of the platform's ECS cluster while they work.

    On every target, and not only while a lane is on ECS: a task that a move has left behind renews its protection until
    its work ends, also where the deployment that waits for it was interrupted and the engine knows the task no longer.
    """
    if not cluster_arn:
        return []
    tasks = cluster_arn.replace(":cluster/", ":task/") + "/*"
    return [PermissionArgs(sid="Protect", actions=["ecs:UpdateTaskProtection"], resources=[tasks])]


def _interface_permissions(logs: cloudwatch.LogGroup) -> list[PermissionArgs]:
    """What Lambda needs to put a function into a VPC (Lambda developer guide, VPC: execution role permissions).

    It is there on every target, so that a change of target leaves the role alone. Lambda looks for all but the creation
    without naming an interface, so only that can be held to a region (`logs` tells it; the account is open, because a
    shared subnet belongs to another one).
    """
    here = logs.arn.apply(lambda arn: "arn:{0.partition}:ec2:{0.region}:*:".format(parse(arn)))
    kinds = ("network-interface", "subnet", "security-group")
    parts: list[Input[str]] = [concat(here, kind, "/*") for kind in kinds]
    return [
        PermissionArgs(sid="Interfaces", actions=["ec2:CreateNetworkInterface"], resources=parts),
        PermissionArgs(sid="AllInterfaces", actions=list(UNSCOPED_INTERFACE_ACTIONS), resources=["*"]),
    ]


def deny_interfaces(permissions: Sequence[PermissionArgs]) -> list[dict[str, Any]]:
    """Deny the handler's own code, on Lambda and in pods, the permissions that only the Lambda service needs.

    Calls of code on Lambda carry `lambda:SourceFunctionArn`, calls of the service do not (Lambda developer guide, VPC:
    best practice); a session of a pod has a federated provider (IAM user guide, aws:FederatedProvider). A task of ECS
    carries no key that tells it from Lambda, so its code keeps these permissions. What the definition itself permits is
    not denied.
    """
    permitted = [action.lower() for permission in permissions for action in permission["actions"]]
    denied = [
        action
        for action in MANAGE_INTERFACE_ACTIONS
        if not any(fnmatchcase(action.lower(), each) for each in permitted)
    ]
    conditions: dict[str, dict[str, Any]] = {
        "InterfacesOfCode": {"ArnLike": {"lambda:SourceFunctionArn": "arn:*:lambda:*:*:function:*"}},
        "InterfacesOfPods": {"Null": {"aws:FederatedProvider": "false"}},
    }
    return [
        {"Sid": sid, "Effect": "Deny", "Action": denied, "Resource": "*", "Condition": condition}
        for sid, condition in conditions.items()
        if denied
    ]


def create_consume(subject: str, name: str, role: Role, inbox_arn: Input[str], parent: Resource) -> iam.RolePolicy:
    """What consuming the inbox of one lane takes."""
    policy = render_permissions(
        [PermissionArgs(sid="Consume", actions=list(CONSUME_ACTIONS), resources=[inbox_arn])], subject
    )
    return iam.RolePolicy(f"{name}-consume", role=role.name, policy=policy, opts=ResourceOptions(parent=parent))


def render_permissions(
    permissions: Sequence[PermissionArgs], subject: str, denied: Sequence[dict[str, Any]] = ()
) -> Input[str]:
    """Policy document with one statement per permission, as JSON; one that the lint refuses never reaches AWS."""
    statements = [*map(_render_statement, permissions), *denied]
    return render_policy({"Version": "2012-10-17", "Statement": statements}, subject, lint.lint_permissions)


def _render_statement(permission: PermissionArgs) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Action": permission["actions"],
        "Resource": permission["resources"],
    }
    return {"Sid": permission["sid"], **statement} if "sid" in permission else statement
