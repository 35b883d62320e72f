"""Authorize an SQS batch call as its single-message action, such as `sqs:DeleteMessage`.

AWS: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html

ministack requires `sqs:DeleteMessageBatch`, which is not an IAM action.
"""

from typing import Any

from local.aws.expected import Expected

MODULE = "ministack.core.iam_actions"

EXPECTED: Expected = {
    (MODULE, "extract_iam_action"): ("service", "method", "path", "headers", "body", "query_params"),
}


def apply(actions: Any) -> None:
    """Patch ministack's iam_actions module."""
    extract = actions.extract_iam_action

    def extract_iam_action(service: str, *request: Any) -> str | None:
        action: str | None = extract(service, *request)
        return action.removesuffix("Batch") if action and service == "sqs" else action

    actions.extract_iam_action = extract_iam_action
