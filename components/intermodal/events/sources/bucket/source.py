"""Bucket source: objects created in a bucket, through the account's default bus."""

from typing import Any

from intermodal.events.args import DEFAULT_BUS
from intermodal.events.contract import SourceContext
from intermodal.events.rule import RuleSource, create_rule, render_pattern


def create_source(context: SourceContext) -> RuleSource:
    """Create a rule; the bucket itself is configured once, by `enable_bucket_events`."""
    fields = context.source.fields
    detail: dict[str, Any] = {"bucket": {"name": [fields["bucket"]]}}
    if prefix := fields.get("prefix"):
        detail["object"] = {"key": [{"prefix": prefix}]}
    pattern = {"source": ["aws.s3"], "detail-type": ["Object Created"], "detail": detail}
    return create_rule(context, render_pattern(context, pattern), DEFAULT_BUS)
