"""Arguments of source `bucket`."""

from typing import NotRequired, TypedDict

from pulumi import Input


class BucketSourceArgs(TypedDict):
    """Objects created in an S3 bucket that sends its events to EventBridge (`enable_bucket_events`)."""

    bucket: Input[str]
    """Name of the bucket."""
    prefix: NotRequired[str]
    """Prefix of the object keys. Default: all keys."""
