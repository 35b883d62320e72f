"""What a caller may say of a source."""

from typing import Any, NotRequired, TypedDict

from pulumi import Input


class QueueSourceArgs(TypedDict):
    """Messages that are sent straight to the function's inbox."""

    senders: NotRequired[list[Input[str]]]
    """ARNs of principals that may send. Default: whom their own policy of this account allows."""


class BusSourceArgs(TypedDict):
    """Events of an EventBridge bus that match a pattern."""

    pattern: dict[str, Any]
    """EventBridge event pattern; at most 2,048 characters as JSON."""
    bus_name: NotRequired[Input[str]]
    """The bus. Default: `default`, the account's own."""


class BucketSourceArgs(TypedDict):
    """Objects created in an S3 bucket that sends its events to EventBridge (`enable_bucket_events`)."""

    bucket: Input[str]
    """Name of the bucket."""
    prefix: NotRequired[str]
    """Only keys that begin so. Default: all keys."""


class SourceArgs(TypedDict):
    """One source: exactly one of `queue`, `bus` and `bucket`."""

    queue: NotRequired[QueueSourceArgs]
    """Messages sent straight to the inbox."""
    bus: NotRequired[BusSourceArgs]
    """Events of a bus."""
    bucket: NotRequired[BucketSourceArgs]
    """Objects created in a bucket."""
    name: NotRequired[str]
    """Lower-case letters and digits, part of its rule's name. Default: the kind; needed for a second of a kind."""
