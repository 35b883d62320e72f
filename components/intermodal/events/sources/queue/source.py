"""Define a queue source, whose senders may send messages directly to the inbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pulumi import Output

from intermodal.events.contract import Destination, SourceContext
from intermodal.events.inbox import Grant


@dataclass(frozen=True, kw_only=True)
class QueueSource:
    """A source without resources that only allows its senders to send messages."""

    context: SourceContext
    grants: Sequence[Grant]
    delivers: bool = False
    outputs: Mapping[str, Output[str]] = field(default_factory=dict)

    def connect(self, destination: Destination) -> None:
        """Do nothing, because senders send to the inbox directly."""


def create_source(context: SourceContext) -> QueueSource:
    """Return a source with a grant for each sender."""
    grants = [Grant(sender=sender) for sender in context.source.fields.get("senders", ())]
    return QueueSource(context=context, grants=grants)
