"""Bucket source: objects created in a bucket, by way of the account's default bus."""

from typing import Any

import pulumi
from pulumi import Input, ResourceOptions

from intermodal.documents import json_text
from intermodal.events.bus import DEFAULT_BUS
from intermodal.events.contract import Entry, RuleArgs
from intermodal.events.spec import SourceSpec


def entry(source: SourceSpec) -> Entry:
    """One rule; the bucket itself is told once, by `enable_bucket_events`."""
    detail: dict[str, Any] = {"bucket": {"name": [source.block["bucket"]]}}
    if prefix := source.block.get("prefix"):
        detail["object"] = {"key": [{"prefix": prefix}]}
    pattern = {"source": ["aws.s3"], "detail-type": ["Object Created"], "detail": detail}
    return Entry(name=source.name, rule=RuleArgs(pattern=json_text(pattern), bus_name=DEFAULT_BUS))


def enable_bucket_events(name: str, bucket: Input[str], opts: ResourceOptions | None = None) -> pulumi.CustomResource:
    """Have `bucket` send its events to EventBridge; once per bucket, whatever the number of functions.

    S3 keeps one notification configuration per bucket: a second BucketNotification overwrites the first
    (Pulumi registry, aws.s3.BucketNotification), and with it whatever else the bucket notifies.
    """
    from pulumi_aws import s3  # noqa: PLC0415 - the SDK is imported where resources are made

    return s3.BucketNotification(f"{name}-events", bucket=bucket, eventbridge=True, opts=opts)
