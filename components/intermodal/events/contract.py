"""The interface that every source implements: entry resources, grants and delivery."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pulumi import Input, Output, Resource, ResourceOptions

from intermodal.events.inbox import Grant, Inbox
from intermodal.events.spec import SourceSpec


@dataclass(frozen=True, kw_only=True)
class SourceContext:
    """Everything that a source needs to create its resources."""

    name: str
    """`{function}-{source}`, the prefix of every child's name."""
    source: SourceSpec
    display_name: str
    """The function's name as shown in messages."""
    account: Input[str]
    alarm_topic_arns: Sequence[Input[str]]
    tags: Mapping[str, Input[str]]
    parent: Resource

    @property
    def opts(self) -> ResourceOptions:
        """Resource options for every child."""
        return ResourceOptions(parent=self.parent)


@dataclass(frozen=True, kw_only=True)
class Destination:
    """Where a source sends its events."""

    inbox: Inbox
    inboxes: Sequence[Output[str]]
    """ARNs of the inboxes of all lanes. A source may send to any of them, so a move changes only one ARN."""
    undelivered_arn: Output[str]
    """ARN of the queue for events that cannot be delivered."""
    ready: Sequence[Resource]
    """Policies on the inbox and the undelivered queue that allow the delivery."""


class Source(Protocol):
    """A source whose entry resources exist but do not deliver yet."""

    @property
    def grants(self) -> Sequence[Grant]:
        """Senders that the inbox and undelivered queue policies allow."""

    @property
    def delivers(self) -> bool:
        """Whether AWS delivers the events, in which case a delivery can fail."""

    @property
    def context(self) -> SourceContext:
        """The context that the source was created from."""

    @property
    def outputs(self) -> Mapping[str, Output[str]]:
        """Outputs that callers need, such as a URL; empty for most kinds."""

    def connect(self, destination: Destination) -> None:
        """Start the delivery, once the policies that allow it exist."""
