"""What a kind of source gives: how its events enter, who has to be let in, and how they are led to an inbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pulumi import Input, Output, Resource, ResourceOptions

from intermodal.events.inbox import Grant, Inbox
from intermodal.events.spec import SourceSpec


@dataclass(frozen=True, kw_only=True)
class SourceContext:
    """What a source is given to create its resources."""

    name: str
    """`{function}-{source}`, the beginning of every child's name."""
    source: SourceSpec
    subject: str
    """How a message calls the function."""
    account: Input[str]
    alarm_topic_arns: Sequence[Input[str]]
    tags: Mapping[str, Input[str]]
    parent: Resource

    @property
    def opts(self) -> ResourceOptions:
        """Options of a child."""
        return ResourceOptions(parent=self.parent)


@dataclass(frozen=True, kw_only=True)
class Destination:
    """Where a source's events go."""

    inbox: Inbox
    inboxes: Sequence[Output[str]]
    """ARNs of the inboxes of all lanes: whoever sends may send to each, so that a move changes nothing but an ARN."""
    undelivered_arn: Output[str]
    """ARN of the queue for what could not be delivered."""
    ready: Sequence[Resource]
    """What lets the sources in: the policies of inbox and undelivered."""


class Source(Protocol):
    """A source whose entry exists and does not deliver yet."""

    @property
    def grants(self) -> Sequence[Grant]:
        """Who sends, for the policies of inboxes and of the dead letters."""

    @property
    def delivers(self) -> bool:
        """Whether AWS delivers its events, and so may fail to."""

    @property
    def context(self) -> SourceContext:
        """What it was made of."""

    @property
    def outputs(self) -> Mapping[str, Output[str]]:
        """What a caller needs to reach it; nothing for most."""

    def connect(self, destination: Destination) -> None:
        """Deliver, after the policies that let it in."""
