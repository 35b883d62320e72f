"""Arguments of source `queue`."""

from typing import NotRequired, TypedDict

from pulumi import Input


class ExistingQueueArgs(TypedDict):
    """A queue that exists."""

    arn: Input[str]
    """ARN of the queue."""
    url: Input[str]
    """URL of the queue."""


class QueueSourceArgs(TypedDict):
    """Messages of a queue: the function's own inbox, or a queue that exists."""

    senders: NotRequired[list[Input[str]]]
    """ARNs of principals that may send to the inbox. Default: whom their own policy of this account allows."""
    existing: NotRequired[ExistingQueueArgs]
    """A queue that takes the inbox's place: the only source of a function with one lane. Its policy, dead letters and
    visibility (at least the timeout, best six times) stay as they are. Default: an inbox of its own."""
