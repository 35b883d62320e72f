"""Arguments of the `queue` source."""

from typing import NotRequired, TypedDict

from pulumi import Input


class ExistingQueueArgs(TypedDict):
    """An existing queue."""

    arn: Input[str]
    """ARN of the queue."""
    url: Input[str]
    """URL of the queue."""


class QueueSourceArgs(TypedDict):
    """An existing queue, or other principals that may send to the inbox; at least one of them."""

    senders: NotRequired[list[Input[str]]]
    """ARNs of principals that may send to the inbox. Default: principals in this account whose IAM policy allows it."""
    existing: NotRequired[ExistingQueueArgs]
    """An existing queue that replaces the inbox; it must be the only source, and the function must have one lane. Its
    policy, dead-letter queue and visibility timeout (at least the function's timeout, preferably six times as long)
    stay unchanged. Default: a new inbox."""
