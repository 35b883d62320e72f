"""The one role of a container function and what it may do."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import pulumi
from pulumi import Input, InvokeOptions, Output, Resource, ResourceOptions
from pulumi_aws import cloudwatch, iam

from intermodal import naming
from intermodal.arns import joined, parse
from intermodal.documents import linted
from intermodal.errors import DefinitionError, Problem
from intermodal.function.spec import FunctionSpec
from intermodal.identity import lint
from intermodal.identity.args import PermissionArgs
from intermodal.identity.trust import PRINCIPALS, offered, trust_policy

CONSUME = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility")
"""What consuming an inbox takes on any target, so that a change of target leaves the role alone."""

ALL_INTERFACES = (
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
)

MANAGE = (
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


def create_role(spec: FunctionSpec, account: Input[str], services: Sequence[str], parent: Resource) -> Role:
    """`{function}-role`; its trust is data of its own and does not follow the lanes."""
    if spec.role_arn is not None:
        checked = Output.all(spec.role_arn, account).apply(lambda known: own_role(spec.subject, *known))
        return _adopted(spec, checked, services, parent)
    role = iam.Role(
        f"{spec.name}-role",
        assume_role_policy=_trust(spec, account),
        tags=spec.tags,
        opts=ResourceOptions(parent=parent, protect=spec.protect or None),
    )
    return Role(arn=role.arn, name=role.name)


def _trust(spec: FunctionSpec, account: Input[str]) -> Input[str]:
    """The trust policy as JSON: what the definition says, else what its platform offers."""
    if spec.trust is not None or spec.platform is None:
        trust = offered() if spec.trust is None else spec.trust
        return linted(trust_policy(trust, account), spec.subject, lint.trust_problems)
    # Key by key: while a zone is added, a preview does not know all of the handle.
    offers = Output.all(
        ecs_cluster_arn=spec.platform["ecs_cluster_arn"],
        oidc_provider_arn=spec.platform["kubernetes_oidc_provider_arn"],
        namespace=spec.platform["kubernetes_namespace"],
        service_accounts=naming.service_accounts(pulumi.get_project(), pulumi.get_stack(), spec.name),
    )
    return Output.all(account, offers).apply(
        lambda known: linted(trust_policy(offered(**known[1]), known[0]), spec.subject, lint.trust_problems)
    )


def _adopted(spec: FunctionSpec, name: Output[str], services: Sequence[str], parent: Resource) -> Role:
    """A role that exists, once it trusts what runs the function's lanes."""
    found = iam.get_role_output(name=name, opts=InvokeOptions(parent=parent))
    wanted = Output.all(*[_principal(spec, service) for service in services])
    trusted = Output.all(wanted, found.name, found.assume_role_policy).apply(
        lambda known: trusting(spec.subject, *known)
    )
    return Role(arn=found.arn, name=trusted)


def _principal(spec: FunctionSpec, service: str) -> Input[str]:
    if service in PRINCIPALS:
        return PRINCIPALS[service]
    assert spec.platform is not None  # noqa: S101 - the target's `check` wants one
    return spec.platform["kubernetes_oidc_provider_arn"]


def own_role(subject: str, arn: str, account: str) -> str:
    """The name of a role of this account.

    Raises:
        DefinitionError: it is no role, or another account's.
    """
    parts = ROLE_ARN.fullmatch(arn)
    if parts is None:
        raise _refused(subject, "role.arn", f"must be the ARN of a role, got {arn!r}")
    if parts.group(1) != account:
        text = f"must be a role of account {account}, where the function is, got one of {parts.group(1)}"
        raise _refused(subject, "role.arn", f"{text}; create one here, and let it assume that one if it has to")
    return parts.group(2)


def trusting(subject: str, wanted: Sequence[str], name: str, policy: str) -> str:
    """The name of a role whose trust policy (JSON) names every one of these principals.

    Raises:
        DefinitionError: it does not.
    """
    statements = json.loads(policy).get("Statement", [])
    listed = statements if isinstance(statements, list) else [statements]
    trusted = json.dumps([each.get("Principal") for each in listed if each.get("Effect") == "Allow"])
    if missing := [principal for principal in wanted if f'"{principal}"' not in trusted]:
        text = f"must trust {' and '.join(missing)}, and role {name} does not; add it to the role's trust policy"
        raise _refused(subject, "role.arn", text)
    return name


def _refused(subject: str, path: str, text: str) -> DefinitionError:
    return DefinitionError(subject, [Problem(path=path, text=text)])


def create_permissions(spec: FunctionSpec, role: Role, logs: cloudwatch.LogGroup, parent: Resource) -> iam.RolePolicy:
    """What the function may do on every lane: write its logs, protect its task, and what its definition permits."""
    write_logs = PermissionArgs(
        sid="Logs",
        actions=["logs:CreateLogStream", "logs:PutLogEvents"],
        resources=[logs.arn, joined(logs.arn, ":*")],  # the group, and the streams in it
    )
    interfaces = _manage_interfaces(logs) if spec.vpc else []
    decrypt = _decrypt(spec.kms_key_arn) if spec.kms_key_arn is not None else []
    denied = deny_interfaces(spec.permissions) if spec.vpc else []
    protection = Output.from_input([]) if spec.platform is None else spec.platform["ecs_cluster_arn"].apply(_protect)
    policy = protection.apply(
        lambda protect: allow([write_logs, *protect, *interfaces, *decrypt, *spec.permissions], spec.subject, denied)
    )
    return iam.RolePolicy(
        f"{spec.name}-permissions", role=role.name, policy=policy, opts=ResourceOptions(parent=parent)
    )


def _decrypt(key_arn: Input[str]) -> list[PermissionArgs]:
    """Using the key by which Lambda encrypts the function's variables."""
    return [PermissionArgs(sid="Decrypt", actions=["kms:Decrypt"], resources=[key_arn])]


def _protect(cluster_arn: str) -> list[PermissionArgs]:
    """Protecting tasks of the platform's ECS cluster while they work.

    On every target, and not only while a lane is on ECS: a task that a move has left behind renews its protection until
    its work ends, also where the deployment that waits for it was interrupted and the engine knows the task no longer.
    """
    if not cluster_arn:
        return []
    tasks = cluster_arn.replace(":cluster/", ":task/") + "/*"
    return [PermissionArgs(sid="Protect", actions=["ecs:UpdateTaskProtection"], resources=[tasks])]


def _manage_interfaces(logs: cloudwatch.LogGroup) -> list[PermissionArgs]:
    """What Lambda needs to put a function into a VPC (Lambda developer guide, VPC: execution role permissions).

    It is there on every target, so that a change of target leaves the role alone. Lambda looks for all but the creation
    without naming an interface, so only that can be held to a region (`logs` tells it; the account is open, because a
    shared subnet belongs to another one).
    """
    here = logs.arn.apply(lambda arn: "arn:{0.partition}:ec2:{0.region}:*:".format(parse(arn)))
    kinds = ("network-interface", "subnet", "security-group")
    parts: list[Input[str]] = [joined(here, kind, "/*") for kind in kinds]
    return [
        PermissionArgs(sid="Interfaces", actions=["ec2:CreateNetworkInterface"], resources=parts),
        PermissionArgs(sid="AllInterfaces", actions=list(ALL_INTERFACES), resources=["*"]),
    ]


def deny_interfaces(permissions: Sequence[PermissionArgs]) -> list[dict[str, Any]]:
    """Deny the handler's own code, on Lambda and in pods, the permissions that only the Lambda service needs.

    Calls of code on Lambda carry `lambda:SourceFunctionArn`, calls of the service do not (Lambda developer guide, VPC:
    best practice); a session of a pod has a federated provider (IAM user guide, aws:FederatedProvider). A task of ECS
    carries no key that tells it from Lambda, so its code keeps these permissions. What the definition itself permits is
    not denied.
    """
    permitted = [action.lower() for permission in permissions for action in permission["actions"]]
    denied = [action for action in MANAGE if not any(fnmatchcase(action.lower(), each) for each in permitted)]
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
    policy = allow([PermissionArgs(sid="Consume", actions=list(CONSUME), resources=[inbox_arn])], subject)
    return iam.RolePolicy(f"{name}-consume", role=role.name, policy=policy, opts=ResourceOptions(parent=parent))


def allow(permissions: Sequence[PermissionArgs], subject: str, denied: Sequence[dict[str, Any]] = ()) -> Input[str]:
    """Policy document with one statement per permission, as JSON; one that the lint refuses never reaches AWS."""
    statements = [*map(_statement, permissions), *denied]
    return linted({"Version": "2012-10-17", "Statement": statements}, subject, lint.permission_problems)


def _statement(permission: PermissionArgs) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Action": permission["actions"],
        "Resource": permission["resources"],
    }
    return {"Sid": permission["sid"], **statement} if "sid" in permission else statement
