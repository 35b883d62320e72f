"""Create the sender role for services that send to inboxes with a role instead of a queue policy."""

from collections.abc import Sequence
from typing import Any

from pulumi import Output, Resource
from pulumi_aws import iam

from intermodal.documents import render_policy
from intermodal.events.contract import SourceContext
from intermodal.identity import lint


def create_sender(context: SourceContext, statement: dict[str, Any]) -> iam.Role:
    """Create `{function}-{source}-sender`, a role with `statement` as its trust policy."""
    trust = {"Version": "2012-10-17", "Statement": [statement]}
    return iam.Role(
        f"{context.name}-sender",
        assume_role_policy=render_policy(trust, context.display_name, lint.lint_trust),
        tags=context.tags,
        opts=context.opts,
    )


def allow_send(context: SourceContext, role: iam.Role, queues: Sequence[Output[str]]) -> Resource:
    """Create `{function}-{source}-send`, which allows the role only to send to these queues."""
    statement = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": list(queues)}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    return iam.RolePolicy(
        f"{context.name}-send",
        role=role.name,
        policy=render_policy(policy, context.display_name, lint.lint_permissions),
        opts=context.opts,
    )
