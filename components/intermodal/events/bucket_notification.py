"""Have a bucket send its events to EventBridge."""

import pulumi
from pulumi import Input, ResourceOptions
from pulumi_aws import s3


def enable_bucket_events(name: str, bucket: Input[str], opts: ResourceOptions | None = None) -> pulumi.CustomResource:
    """Have `bucket` send its events to EventBridge; once per bucket, whatever the number of functions.

    S3 takes about five minutes until it sends events (S3 user guide, Enabling Amazon EventBridge): objects that are
    created before are no events at all.

    S3 keeps one notification configuration per bucket: a second BucketNotification overwrites the first
    (Pulumi registry, aws.s3.BucketNotification), and with it whatever else the bucket notifies.
    """
    return s3.BucketNotification(f"{name}-events", bucket=bucket, eventbridge=True, opts=opts)
