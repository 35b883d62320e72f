"""Queue source: messages sent straight to the inbox."""

from collections.abc import Sequence
from dataclasses import dataclass

from intermodal.events.contract import Destination, SourceContext
from intermodal.events.inbox import Grant


@dataclass(frozen=True, kw_only=True)
class QueueSource:
    """No resource: whoever sends is let in."""

    grants: Sequence[Grant]
    delivers: bool = False

    def connect(self, destination: Destination) -> None:
        """Nothing to connect: the senders know the inbox."""


def open_source(context: SourceContext) -> QueueSource:
    """A statement of the inbox's policy for senders that are named."""
    return QueueSource(grants=[Grant(sender=sender) for sender in context.source.block.get("senders", ())])
