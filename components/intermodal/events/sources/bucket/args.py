"""Arguments of the `bucket` source."""

from typing import NotRequired, TypedDict

from pulumi import Input


class BucketSourceArgs(TypedDict):
    """Objects created in an S3 bucket that sends its events to EventBridge (`enable_bucket_events`)."""

    bucket: Input[str]
    """Bucket name."""
    prefix: NotRequired[str]
    """Object key prefix. Default: all keys."""
