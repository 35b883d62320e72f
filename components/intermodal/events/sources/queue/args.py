"""Arguments of the `queue` source."""

from typing import NotRequired, TypedDict

from pulumi import Input


class ExistingQueueArgs(TypedDict):
    """An existing queue."""

    arn: Input[str]
    """Queue ARN."""
    url: Input[str]
    """Queue URL."""


class QueueSourceArgs(TypedDict):
    """An existing queue, or additional principals that may send to the inbox."""

    senders: NotRequired[list[Input[str]]]
    """ARNs of principals that may send to the inbox. Default: principals in this account with an IAM policy for it."""
    existing: NotRequired[ExistingQueueArgs]
    """An existing queue that replaces the inbox. It must be the only source, and the function can have only one lane.
    The queue's policy, dead-letter queue and visibility timeout are not changed. The visibility timeout must be at
    least the function's timeout; six times that value is recommended. Default: a new inbox."""
