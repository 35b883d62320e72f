"""The one role of a container function and what it may do."""

from collections.abc import Sequence
from typing import Any

import pulumi_aws as aws
from pulumi import Input, InvokeOptions, Output, Resource, ResourceOptions
from pulumi_aws import cloudwatch, iam

from intermodal.documents import json_text
from intermodal.function.once import asked
from intermodal.function.spec import FunctionSpec
from intermodal.identity.args import PermissionArgs
from intermodal.identity.trust import trust_policy

ROLE = "aws:iam/role:Role"

CONSUME = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility")
"""What consuming an inbox takes on any target, so that a change of target leaves the role alone."""


def create_role(spec: FunctionSpec, parent: Resource) -> iam.Role:
    """The role; its trust is data of its own and does not follow the lanes."""
    return iam.Role(
        f"{spec.name}-role",
        assume_role_policy=json_text(trust_policy(spec.trust, _account(parent))),
        tags=spec.tags,
        opts=ResourceOptions(parent=parent, protect=spec.protect),
    )


def _account(parent: Resource) -> Output[str]:
    """The account of the provider that `parent` uses."""

    def ask() -> Output[str]:
        return aws.get_caller_identity_output(opts=InvokeOptions(parent=parent)).account_id

    return asked(("account", parent.get_provider(ROLE)), ask)


def create_permissions(
    spec: FunctionSpec, role: iam.Role, logs: cloudwatch.LogGroup, parent: Resource
) -> iam.RolePolicy:
    """What the function may do on every lane: write its logs, and what its definition permits."""
    write_logs = PermissionArgs(
        sid="Logs",
        actions=["logs:CreateLogStream", "logs:PutLogEvents"],
        resources=[Output.concat(logs.arn, ":*")],
    )
    policy = allow([write_logs, *spec.permissions])
    return iam.RolePolicy(
        f"{spec.name}-permissions", role=role.name, policy=policy, opts=ResourceOptions(parent=parent)
    )


def create_consume(name: str, role: iam.Role, inbox_arn: Input[str], parent: Resource) -> iam.RolePolicy:
    """What consuming the inbox of one lane takes."""
    policy = allow([PermissionArgs(sid="Consume", actions=list(CONSUME), resources=[inbox_arn])])
    return iam.RolePolicy(f"{name}-consume", role=role.name, policy=policy, opts=ResourceOptions(parent=parent))


def allow(permissions: Sequence[PermissionArgs]) -> Input[str]:
    """Policy document with one statement per permission, as JSON."""
    return json_text({"Version": "2012-10-17", "Statement": [_statement(each) for each in permissions]})


def _statement(permission: PermissionArgs) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Action": permission["actions"],
        "Resource": permission["resources"],
    }
    return {"Sid": permission["sid"], **statement} if "sid" in permission else statement
