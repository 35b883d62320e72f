"""The lint rejects policies that must not be deployed."""

from typing import Any

import pytest

from intermodal.identity import lint

ACCOUNT = {"StringEquals": {"aws:SourceAccount": "123456789012"}}


def trust(**statement: Any) -> dict[str, Any]:
    """Return a trust policy with one statement."""
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", **statement}]}


TRUST: dict[str, tuple[dict[str, Any], list[str]]] = {
    "everybody": (
        trust(Principal="*", Condition=ACCOUNT),
        ['trust[0] must specify a principal, got "*", which allows everyone; use a role ARN or a service'],
    ),
    "every AWS principal": (
        trust(Principal={"AWS": ["*"]}, Condition=ACCOUNT),
        ['trust[0] must specify a principal, got "*", which allows everyone; use a role ARN or a service'],
    ),
    "a service in any account": (
        trust(Principal={"Service": "lambda.amazonaws.com"}),
        ["trust[0] must restrict lambda.amazonaws.com to this account; add the condition aws:SourceAccount"],
    ),
    "one cluster, a key that ECS never sends": (
        trust(
            Principal={"Service": "ecs-tasks.amazonaws.com"},
            Condition={**ACCOUNT, "ArnLike": {"aws:SourceArn": "arn:aws:ecs:eu-central-1:123456789012:cluster/a"}},
        ),
        [
            "trust[0] has an aws:SourceArn that ecs-tasks.amazonaws.com never sends, "
            "got arn:aws:ecs:eu-central-1:123456789012:cluster/a"
        ],
    ),
    "a schedule instead of its group": (
        trust(
            Principal={"Service": "scheduler.amazonaws.com"},
            Condition={
                **ACCOUNT,
                "ArnLike": {"aws:SourceArn": "arn:aws:scheduler:eu-central-1:123456789012:schedule/g/s"},
            },
        ),
        [
            "trust[0] has an aws:SourceArn that scheduler.amazonaws.com never sends, "
            "got arn:aws:scheduler:eu-central-1:123456789012:schedule/g/s"
        ],
    ),
    "pods without a session tag": (
        trust(Principal={"Service": "pods.eks.amazonaws.com"}),
        ["trust[0] must allow sts:TagSession for Pod Identity; add it to the actions"],
    ),
    "any token from a cluster": (
        trust(Principal={"Federated": "arn:aws:iam::123456789012:oidc-provider/i"}, Condition={"StringEquals": {}}),
        ["trust[0] must restrict the token to one aud and one sub; other tokens could assume the role"],
    ),
    "an invalid provider": (
        trust(
            Principal={"Federated": "arn:aws:iam::123456789012:saml-provider/i"},
            Condition={"StringEquals": {":aud": "sts.amazonaws.com", ":sub": "system:serviceaccount:a:b"}},
        ),
        ["trust[0] must restrict the token to one aud and one sub; other tokens could assume the role"],
    ),
    "any service account in a cluster": (
        trust(
            Principal={"Federated": "arn:aws:iam::123456789012:oidc-provider/i"},
            Condition={"StringEquals": {"i:aud": "sts.amazonaws.com"}},
        ),
        ["trust[0] must restrict the token to one sub; other tokens could assume the role"],
    ),
    "too long": (
        trust(Principal={"Service": "x.amazonaws.com"}, Condition={"StringEquals": {"aws:SourceAccount": "1" * 2000}}),
        [
            (
                "trust must result in a policy of at most 2048 characters, got 2179; trust fewer principals, or "
                "request an "
                "increase of quota L-C07B4B0D"
            )
        ],
    ),
    "an ARN form that each service sends": (
        trust(
            Principal={"Service": "ecs-tasks.amazonaws.com"},
            Condition={**ACCOUNT, "ArnLike": {"aws:SourceArn": "arn:aws:ecs:eu-central-1:123456789012:*"}},
        ),
        [],
    ),
}


@pytest.mark.parametrize("case", TRUST)
def test_lint_trust(case: str) -> None:
    document, sentences = TRUST[case]
    assert [str(problem) for problem in lint.lint_trust(document)] == sentences


PERMISSIONS: dict[str, tuple[list[str], list[str], list[str]]] = {
    "everything": (
        ["*"],
        ["arn:aws:s3:::b/*"],
        ['p.actions[0] must not be a wildcard, got "*"; list the actions, or use links: [read(…)]'],
    ),
    "all actions of a service": (
        ["s3:*"],
        ["arn:aws:s3:::b/*"],
        ['p.actions[0] must not be a wildcard, got "s3:*"; list the actions, or use links: [read(…)]'],
    ),
    "all actions of a service, through other wildcards": (
        ["s3:?*", "*:*"],
        ["arn:aws:s3:::b/*"],
        [
            'p.actions[0] must not be a wildcard, got "s3:?*"; list the actions, or use links: [read(…)]',
            'p.actions[1] must not be a wildcard, got "*:*"; list the actions, or use links: [read(…)]',
        ],
    ),
    "no action": (
        ["notanaction"],
        ["arn:aws:s3:::b/*"],
        ['p.actions[0] must be service:action, such as s3:GetObject, got "notanaction"'],
    ),
    "everywhere": (
        ["sqs:SendMessage"],
        ["*"],
        ['p.resources[0] must contain ARNs for sqs:SendMessage, got "*"; use an ARN such as the queue\'s arn'],
    ),
    "all resources, for an action prefix": (
        ["s3:Get*"],
        ["*"],
        ['p.resources[0] must contain ARNs for s3:Get*, got "*"; use an ARN such as arn:aws:s3:::BUCKET/*'],
    ),
    "an action without resource types": (["cloudwatch:PutMetricData", "xray:PutTraceSegments"], ["*"], []),
    "actions with one optional resource type": (["polly:SynthesizeSpeech", "translate:TranslateText"], ["*"], []),
    "a service in capitals": (["SQS:SendMessage"], ["arn:aws:sqs:eu-central-1:123456789012:q"], []),
    "a service in capitals, all resources": (
        ["SQS:SendMessage", "XRAY:PutTraceSegments"],
        ["*"],
        ['p.resources[0] must contain ARNs for SQS:SendMessage, got "*"; use an ARN such as the queue\'s arn'],
    ),
    "an action with some optional resource types": (
        ["s3:GetObject"],
        ["*"],
        ['p.resources[0] must contain ARNs for s3:GetObject, got "*"; use an ARN such as arn:aws:s3:::BUCKET/*'],
    ),
    "a prefix on a resource": (["dynamodb:Get*"], ["arn:aws:dynamodb:eu-central-1:123456789012:table/t"], []),
}


@pytest.mark.parametrize("case", PERMISSIONS)
def test_find_wildcards(case: str) -> None:
    actions, resources, sentences = PERMISSIONS[case]
    assert [str(problem) for problem in lint.find_wildcards("p", actions, resources)] == sentences


def test_inline_policy_size_is_limited() -> None:
    statement = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::" + "x" * 11_000]}
    (problem,) = lint.lint_permissions({"Version": "2012-10-17", "Statement": [statement]})
    assert str(problem).startswith("permissions must result in a policy of at most 10240 characters, got 11")


def queue_policy(count: int, principals: int = 1) -> dict[str, Any]:
    """Return a queue policy with this many statements, each with principals and two conditions."""
    statement = {
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Principal": {"AWS": [f"a{i}" for i in range(principals)]},
        "Condition": {"ArnEquals": {"aws:SourceArn": "a"}},
    }
    return {"Version": "2012-10-17", "Statement": [statement] * count}


@pytest.mark.parametrize(
    ("document", "beyond"),
    [
        (queue_policy(10), []),
        (queue_policy(11), ["10 conditions in the inbox policy, got 11"]),
        (
            queue_policy(21),
            ["20 statements in the inbox policy, got 21", "10 conditions in the inbox policy, got 21"],
        ),
        (queue_policy(1, 51), ["50 principals in the inbox policy, got 51"]),
        (
            queue_policy(1, 2000),
            ["8192 bytes in the inbox policy, got 15", "50 principals in the inbox policy, got 2000"],
        ),
    ],
)
def test_queue_policy_quotas(document: dict[str, Any], beyond: list[str]) -> None:
    found = [str(problem) for problem in lint.lint_queue_policy(document)]
    assert len(found) == len(beyond)
    for sentence, part in zip(found, beyond, strict=True):
        assert part in sentence
