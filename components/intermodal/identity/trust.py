"""Trust as data: one statement per service that may assume a role."""

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi import Input

from intermodal.identity.args import Trust

PRINCIPALS: Mapping[Trust, str] = {
    Trust.LAMBDA: "lambda.amazonaws.com",
    Trust.ECS_TASKS: "ecs-tasks.amazonaws.com",
}


def trust_policy(trust: Sequence[Trust], account_id: Input[str]) -> dict[str, Any]:
    """Policy document by which the services of `trust` may assume a role, for resources of this account only.

    One statement per service, because a condition holds for every principal of its statement. `aws:SourceAccount`
    keeps another account's resources out (IAM user guide, The confused deputy problem).
    """
    return {"Version": "2012-10-17", "Statement": [_statement(service, account_id) for service in trust]}


def _statement(service: Trust, account_id: Input[str]) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": {"Service": PRINCIPALS[service]},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": account_id}},
    }
