"""Send a bucket's events to EventBridge."""

import pulumi
from pulumi import Input, ResourceOptions
from pulumi_aws import s3


def enable_bucket_events(name: str, bucket: Input[str], opts: ResourceOptions | None = None) -> pulumi.CustomResource:
    """Send `bucket`'s events to EventBridge; call this once per bucket, however many functions use it.

    S3 starts to send events after about five minutes (S3 user guide, Enabling Amazon EventBridge). Objects created
    before then trigger no event.

    S3 keeps one notification configuration per bucket. A second BucketNotification overwrites the first (Pulumi
    registry, aws.s3.BucketNotification), including its other notifications.
    """
    return s3.BucketNotification(f"{name}-events", bucket=bucket, eventbridge=True, opts=opts)
