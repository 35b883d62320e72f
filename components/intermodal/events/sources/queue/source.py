"""Queue source: messages sent to the inbox directly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pulumi import Output

from intermodal.events.contract import Destination, SourceContext
from intermodal.events.inbox import Grant


@dataclass(frozen=True, kw_only=True)
class QueueSource:
    """A source that creates no resources and only allows its senders."""

    context: SourceContext
    grants: Sequence[Grant]
    delivers: bool = False
    outputs: Mapping[str, Output[str]] = field(default_factory=dict)

    def connect(self, destination: Destination) -> None:
        """Do nothing; senders address the inbox directly."""


def create_source(context: SourceContext) -> QueueSource:
    """Return a source that grants its senders access."""
    grants = [Grant(sender=sender) for sender in context.source.fields.get("senders", ())]
    return QueueSource(context=context, grants=grants)
