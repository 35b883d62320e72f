"""Queue source: messages sent straight to the inbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pulumi import Output

from intermodal.events.contract import Destination, SourceContext
from intermodal.events.inbox import Grant


@dataclass(frozen=True, kw_only=True)
class QueueSource:
    """No resource: whoever sends is let in."""

    context: SourceContext
    grants: Sequence[Grant]
    delivers: bool = False
    outputs: Mapping[str, Output[str]] = field(default_factory=dict)

    def connect(self, destination: Destination) -> None:
        """Nothing to connect: the senders know the inbox."""


def create_source(context: SourceContext) -> QueueSource:
    """A statement of the inbox's policy for senders that are named."""
    grants = [Grant(sender=sender) for sender in context.source.fields.get("senders", ())]
    return QueueSource(context=context, grants=grants)
