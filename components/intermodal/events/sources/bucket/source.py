"""Bucket source: objects created in a bucket, by way of the account's default bus."""

from typing import Any

from intermodal.events.args import DEFAULT_BUS
from intermodal.events.contract import SourceContext
from intermodal.events.rule import RuleSource, open_rule, render_pattern


def open_source(context: SourceContext) -> RuleSource:
    """Create a rule; `enable_bucket_events` configures the bucket, once."""
    block = context.source.block
    detail: dict[str, Any] = {"bucket": {"name": [block["bucket"]]}}
    if prefix := block.get("prefix"):
        detail["object"] = {"key": [{"prefix": prefix}]}
    pattern = {"source": ["aws.s3"], "detail-type": ["Object Created"], "detail": detail}
    return open_rule(context, render_pattern(context, pattern), DEFAULT_BUS)
