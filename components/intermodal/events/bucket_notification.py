"""Enable EventBridge notifications for buckets."""

import pulumi
from pulumi import Input, Resource, ResourceOptions
from pulumi_aws import s3

from intermodal.program import current_program


def enable_bucket_events(name: str, bucket: Input[str], opts: ResourceOptions | None = None) -> pulumi.CustomResource:
    """Send a bucket's events to EventBridge; `on.bucket(bucket)` does this for buckets in the same program.

    A second call for the same bucket name or Output returns the first call's resource. S3 keeps one notification
    configuration per bucket, so a second BucketNotification would overwrite the first, including its other
    notifications (Pulumi registry, aws.s3.BucketNotification).

    S3 starts sending events after about five minutes (S3 user guide, Enabling Amazon EventBridge). Objects created
    before then do not trigger events.
    """
    return current_program().memoize(
        ("bucket events", bucket),
        lambda: s3.BucketNotification(f"{name}-events", bucket=bucket, eventbridge=True, opts=opts),
    )


def enable_events_of(bucket: Resource) -> Input[str]:
    """Send the events of a bucket resource to EventBridge and return the bucket's name."""
    name: Input[str] = bucket.bucket  # type: ignore[attr-defined]
    provider = bucket.get_provider(bucket.pulumi_resource_type)
    enable_bucket_events(bucket.pulumi_resource_name, name, ResourceOptions(provider=provider))
    return name
