"""Define the interface that every source implements: its resources, its grants and its delivery."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pulumi import Input, Output, Resource, ResourceOptions

from intermodal.events.inbox import Grant, Inbox
from intermodal.events.spec import SourceSpec


@dataclass(frozen=True, kw_only=True)
class SourceContext:
    """Values that a source uses to create its resources."""

    name: str
    """`{function}-{source}`, the name prefix of all child resources."""
    source: SourceSpec
    display_name: str
    """The function's name as shown in messages."""
    account: Input[str]
    alarm_topic_arns: Sequence[Input[str]]
    tags: Mapping[str, Input[str]]
    parent: Resource

    @property
    def opts(self) -> ResourceOptions:
        """Resource options for all child resources."""
        return ResourceOptions(parent=self.parent)


@dataclass(frozen=True, kw_only=True)
class Destination:
    """Destination of a source's events."""

    inbox: Inbox
    inboxes: Sequence[Output[str]]
    """ARNs of all lanes' inboxes. A source may send to any of them, so a move to another lane changes only one ARN."""
    undelivered_arn: Output[str]
    """ARN of the queue for undeliverable events."""
    ready: Sequence[Resource]
    """Policies of the inbox and the undelivered queue, which allow the delivery."""


class Source(Protocol):
    """A source whose resources exist but do not deliver events yet."""

    @property
    def grants(self) -> Sequence[Grant]:
        """Senders that the policies of the inbox and the undelivered queue must allow."""

    @property
    def delivers(self) -> bool:
        """Whether AWS delivers the events, so that a delivery can fail."""

    @property
    def context(self) -> SourceContext:
        """Context from which the source was created."""

    @property
    def outputs(self) -> Mapping[str, Output[str]]:
        """Outputs for callers, such as a URL; empty for most kinds of sources."""

    def connect(self, destination: Destination) -> None:
        """Start delivering events to the destination once the policies in `destination.ready` exist."""
