"""The kinds of source, and the resources by which one enters."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_aws import cloudwatch

from intermodal.events import bucket, bus, queue
from intermodal.events.contract import Entry
from intermodal.events.inbox import Inbox
from intermodal.events.spec import SourceSpec

SOURCES: Mapping[str, Callable[[SourceSpec], Entry]] = {
    "queue": queue.entry,
    "bus": bus.entry,
    "bucket": bucket.entry,
}

RETRY_SECONDS = 3600
RETRY_ATTEMPTS = 185
"""A delivery that failed is retried for an hour; 185 attempts are EventBridge's most (EventBridge user guide)."""

TARGET_ID = "inbox"
"""Fixed, so that a target's ARN changes in place: EventTarget is replaced by a change of target_id, not of arn."""


@dataclass(frozen=True, kw_only=True)
class OpenEntry:
    """An entry whose rule exists and does not deliver yet."""

    entry: Entry
    rule: cloudwatch.EventRule | None

    @property
    def rule_arns(self) -> list[Output[str]]:
        """ARNs that the queue policy has to let in."""
        return [self.rule.arn] if self.rule else []


def open_entry(function: str, source: SourceSpec, tags: Mapping[str, Input[str]], parent: Resource) -> OpenEntry:
    """Create the rule of a source; nothing is delivered until it is connected."""
    entry = SOURCES[source.kind](source)
    if entry.rule is None:
        return OpenEntry(entry=entry, rule=None)
    rule = cloudwatch.EventRule(
        f"{function}-{entry.name}-rule",
        event_pattern=entry.rule.pattern,
        event_bus_name=entry.rule.bus_name,
        tags=tags,
        opts=ResourceOptions(parent=parent),
    )
    return OpenEntry(entry=entry, rule=rule)


def connect(function: str, opened: OpenEntry, inbox: Inbox, parent: Resource) -> None:
    """Deliver to `inbox`, after the call that set its policy: EventBridge does not retry a delivery that was denied.

    A queue policy takes up to 60 s to work (SQS API reference, SetQueueAttributes); only a lane that existed before
    its events are moved to it is sure to be past that.
    """
    if opened.rule is None or opened.entry.rule is None:
        return
    cloudwatch.EventTarget(
        f"{function}-{opened.entry.name}-target",
        rule=opened.rule.name,
        event_bus_name=opened.entry.rule.bus_name,
        target_id=TARGET_ID,
        arn=inbox.arn,
        retry_policy={
            "maximum_event_age_in_seconds": RETRY_SECONDS,
            "maximum_retry_attempts": RETRY_ATTEMPTS,
        },
        opts=ResourceOptions(parent=parent, depends_on=inbox.policies),
    )
