"""Bucket source: objects created in a bucket, by way of the account's default bus."""

from typing import Any

import pulumi
from pulumi import Input, ResourceOptions

from intermodal.events.args import DEFAULT_BUS
from intermodal.events.bus import checked
from intermodal.events.contract import SourceContext
from intermodal.events.rule import RuleSource, open_rule


def open_source(context: SourceContext) -> RuleSource:
    """One rule; the bucket itself is told once, by `enable_bucket_events`."""
    block = context.source.block
    detail: dict[str, Any] = {"bucket": {"name": [block["bucket"]]}}
    if prefix := block.get("prefix"):
        detail["object"] = {"key": [{"prefix": prefix}]}
    pattern = {"source": ["aws.s3"], "detail-type": ["Object Created"], "detail": detail}
    return open_rule(context, checked(context, pattern), DEFAULT_BUS)


def enable_bucket_events(name: str, bucket: Input[str], opts: ResourceOptions | None = None) -> pulumi.CustomResource:
    """Have `bucket` send its events to EventBridge; once per bucket, whatever the number of functions.

    S3 takes about five minutes until it sends events (S3 user guide, Enabling Amazon EventBridge): objects that are
    created before are no events at all.

    S3 keeps one notification configuration per bucket: a second BucketNotification overwrites the first
    (Pulumi registry, aws.s3.BucketNotification), and with it whatever else the bucket notifies.
    """
    from pulumi_aws import s3  # noqa: PLC0415 - half a second, and a program with buckets has it anyway

    return s3.BucketNotification(f"{name}-events", bucket=bucket, eventbridge=True, opts=opts)
