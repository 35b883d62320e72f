"""Create the rule for a bucket source, on the account's default bus."""

from collections.abc import Mapping
from typing import Any

from intermodal.events.args import DEFAULT_BUS
from intermodal.events.contract import SourceContext
from intermodal.events.rule import RuleSource, create_rule, render_pattern
from intermodal.events.sources.bucket.args import ObjectEvent

DETAIL_TYPES: Mapping[ObjectEvent, str] = {
    ObjectEvent.CREATED: "Object Created",
    ObjectEvent.DELETED: "Object Deleted",
    ObjectEvent.RESTORE_INITIATED: "Object Restore Initiated",
    ObjectEvent.RESTORE_COMPLETED: "Object Restore Completed",
    ObjectEvent.RESTORE_EXPIRED: "Object Restore Expired",
    ObjectEvent.TAGS_ADDED: "Object Tags Added",
    ObjectEvent.TAGS_DELETED: "Object Tags Deleted",
}
"""Detail types of S3 events (S3 user guide, EventBridge event message structure)."""


def create_source(context: SourceContext) -> RuleSource:
    """Create the rule; `enable_bucket_events` configures the bucket."""
    fields = context.source.fields
    detail: dict[str, Any] = {"bucket": {"name": [fields["bucket"]]}}
    if match := match_key(fields.get("prefix", ""), fields.get("suffix", "")):
        detail["object"] = {"key": [match]}
    kinds = [DETAIL_TYPES[event] for event in fields["events"]]
    pattern = {"source": ["aws.s3"], "detail-type": kinds, "detail": detail}
    return create_rule(context, render_pattern(context, pattern), DEFAULT_BUS)


def match_key(prefix: str, suffix: str) -> Mapping[str, str] | None:
    """Return the pattern for keys with this prefix and suffix, or None for all keys.

    EventBridge treats two matches on one field as alternatives, so a prefix and a suffix are combined in a wildcard. In
    wildcards, a backslash escapes `*` and itself (EventBridge user guide, Comparison operators, Wildcard matching).
    """
    if prefix and suffix:
        return {"wildcard": f"{_escape(prefix)}*{_escape(suffix)}"}
    if prefix:
        return {"prefix": prefix}
    return {"suffix": suffix} if suffix else None


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("*", "\\*")
