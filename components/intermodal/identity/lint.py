"""Lint rendered policies before deployment. The functions are pure; previews and golden file tests use them."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from intermodal.problems.errors import Problem

TRUST_CHARACTERS = 2048
"""Default quota for a role's trust policy, without whitespace (IAM user guide, IAM and STS quotas)."""

INLINE_CHARACTERS = 10_240
"""Quota for the total size of a role's inline policies (IAM user guide, IAM and STS quotas)."""

QUEUE_BYTES, QUEUE_STATEMENTS, QUEUE_PRINCIPALS, QUEUE_CONDITIONS = 8192, 20, 50, 10
"""Quotas for a queue policy (SQS developer guide, Quotas related to policies)."""

Document = Mapping[str, Any]
Lint = Callable[[Document], list[Problem]]

SOURCE_ARNS: Mapping[str, str] = {
    "ecs-tasks.amazonaws.com": r"arn:[\w-]+:ecs:[\w-]+:\d+:\*",
    "scheduler.amazonaws.com": r"arn:[\w-]+:scheduler:[\w-]+:\d+:schedule-group/[^*]+",
    "lambda.amazonaws.com": r"arn:[\w-]+:lambda:[\w-]+:\d+:function:[^*]+",
}
"""Patterns for aws:SourceArn by service. ECS sends only the wildcard for all clusters (ECS developer guide, Task IAM
role), Scheduler sends only the group (Scheduler user guide, Confused deputy), and Lambda sends the function."""

WILDCARD = "*"

UNSCOPED_INTERFACE_ACTIONS = frozenset(
    {"ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"}
)
"""Actions that IAM could scope to an interface, but for which Lambda's VPC check requires `*` (Lambda developer guide,
VPC: execution role permissions)."""
CONFUSED_DEPUTY = "aws:SourceAccount"

SERVICES_WITHOUT_ACCOUNT = frozenset({"apigateway.amazonaws.com"})
"""Services that do not document an account key for AssumeRole, so no condition can require it."""


def lint_trust(document: Document) -> list[Problem]:
    """Return problems with a trust policy's size, wildcards, TagSession, conditions and SourceArn patterns."""
    problems = list(
        _check_size(
            "trust", document, TRUST_CHARACTERS, ("trust fewer principals, or request an increase of quota L-C07B4B0D")
        )
    )
    for path, statement in _statements("trust", document):
        problems += _find_open_principal(path, statement)
        problems += _lint_trust_statement(path, statement)
    return problems


def lint_permissions(document: Document) -> list[Problem]:
    """Return problems with an inline policy's size and wildcards."""
    advice = "list fewer ARNs, or move some into a managed policy"
    problems = list(_check_size("permissions", document, INLINE_CHARACTERS, advice))
    for path, statement in _statements("permissions", document):
        if statement["Effect"] == "Deny":
            continue
        problems += find_wildcards(path, _as_list(statement.get("Action")), _as_list(statement.get("Resource")))
    return problems


def lint_queue_policy(document: Document) -> list[Problem]:
    """Return problems with a queue policy's quotas and wildcards."""
    size = len(_compact_json(document).encode())
    statements = list(_statements("policy", document))
    conditions = sum(len(keys) for _, s in statements for keys in s.get("Condition", {}).values())
    principals = sum(len(_as_list(who)) for _, s in statements for who in _principals(s))
    problems = []
    for given, allowed, what in (
        (size, QUEUE_BYTES, "bytes"),
        (len(statements), QUEUE_STATEMENTS, "statements"),
        (principals, QUEUE_PRINCIPALS, "principals"),
        (conditions, QUEUE_CONDITIONS, "conditions"),
    ):
        if given > allowed:
            text = f"must need at most {allowed} {what} in the inbox policy, got {given}"
            problems.append(Problem(path="sources", text=f"{text}; move some to another function"))
    for path, statement in statements:
        problems += _find_open_principal(path, statement)
    return problems


def find_wildcards(path: str, actions: Sequence[str], resources: Sequence[object]) -> list[Problem]:
    """Return problems for wildcard actions, and for `*` as the resource of actions that accept an ARN."""
    problems = []
    for index, action in enumerate(actions):
        if _is_wildcard(action):
            text = f'must not be a wildcard, got "{action}"; list the actions, or use links: [read(…)]'
            problems.append(Problem(path=f"{path}.actions[{index}]", text=text))
        elif not re.fullmatch(r"[A-Za-z0-9-]+:[\w*?]+", action):
            text = f'must be service:action, such as s3:GetObject, got "{action}"'
            problems.append(Problem(path=f"{path}.actions[{index}]", text=text))
    if WILDCARD in resources:
        held = [action for action in actions if not _needs_any_resource(action)]
        if held:
            text = f'must name ARNs for {", ".join(held)}, got "*"; use an ARN such as {_example_arn(held[0])}'
            problems.append(Problem(path=f"{path}.resources[{resources.index(WILDCARD)}]", text=text))
    return problems


def _lint_trust_statement(path: str, statement: Document) -> Iterator[Problem]:
    services = [s for who in _principals(statement) for s in _as_list(who) if str(s).endswith(".amazonaws.com")]
    keys = {key: value for block in statement.get("Condition", {}).values() for key, value in block.items()}
    for service in services:
        if service == "pods.eks.amazonaws.com":
            if "sts:TagSession" not in _as_list(statement.get("Action")):
                yield Problem(path=path, text="must allow sts:TagSession for Pod Identity; add it to the actions")
        elif CONFUSED_DEPUTY not in keys and service not in SERVICES_WITHOUT_ACCOUNT:
            text = f"must limit {service} to this account; add the condition {CONFUSED_DEPUTY}"
            yield Problem(path=path, text=text)
        form = SOURCE_ARNS.get(service)
        for arn in _as_list(keys.get("aws:SourceArn", [])):
            if form and not re.fullmatch(form, str(arn)):
                yield Problem(path=path, text=f"has an aws:SourceArn that {service} never sends, got {arn}")
    if "Federated" in (statement.get("Principal") or {}):
        missing = [end for end in ("aud", "sub") if not any(re.fullmatch(f".+:{end}", key) for key in keys)]
        if missing:
            text = (
                f"must limit the token to one {' and one '.join(missing)}; otherwise other tokens may assume the role"
            )
            yield Problem(path=path, text=text)


def _find_open_principal(path: str, statement: Document) -> Iterator[Problem]:
    if any("*" in _as_list(who) for who in _principals(statement)):
        text = 'must name a principal, got "*", which is everyone; use the ARN of a role, or a service'
        yield Problem(path=path, text=text)


def _principals(statement: Document) -> list[Any]:
    principal = statement.get("Principal", {})
    return list(principal.values()) if isinstance(principal, Mapping) else [principal]


def _needs_any_resource(action: str) -> bool:
    service, _, name = action.lower().partition(":")
    return action in UNSCOPED_INTERFACE_ACTIONS or name in actions_without_resources().get(service, frozenset())


def _is_wildcard(action: str) -> bool:
    """Return whether an action is `*` or includes all actions of a service."""
    service, colon, name = action.partition(":")
    return not service.strip("*?") or (bool(colon) and not name.strip("*?"))


def _example_arn(action: str) -> str:
    service = action.partition(":")[0].lower()
    forms = {
        "s3": "arn:aws:s3:::BUCKET/*",
        "sqs": "the queue's arn",
        "sns": "the topic's arn",
        "dynamodb": "the table's arn",
        "ssm": "arn:aws:ssm:REGION:ACCOUNT:parameter/NAME",
    }
    return forms.get(service, f"arn:aws:{service}:REGION:ACCOUNT:NAME")


def _check_size(path: str, document: Document, most: int, advice: str) -> Iterator[Problem]:
    size = len(_compact_json(document))
    if size > most:
        yield Problem(path=path, text=f"must be at most {most} characters as a policy, got {size}; {advice}")


def _statements(path: str, document: Document) -> Iterator[tuple[str, Document]]:
    for index, statement in enumerate(document["Statement"]):
        yield f"{path}[{index}]", statement


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _compact_json(document: Document) -> str:
    return json.dumps(document, separators=(",", ":"))


@cache
def actions_without_resources() -> Mapping[str, frozenset[str]]:
    """Return the actions that accept only `*` as the resource, by service and in lower case.

    IAM ignores case in actions (IAM user guide, JSON policy elements: Action). The JSON file cites its source.
    """
    rows: dict[str, Any] = json.loads(files(__package__).joinpath("actions_without_resources.json").read_text())
    optional: dict[str, list[str]] = rows.pop("_optional")
    del rows["_meta"]
    return {
        service: frozenset(name.lower() for name in [*rows.get(service, ()), *optional.get(service, ())])
        for service in rows.keys() | optional.keys()
    }
