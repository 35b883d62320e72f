"""Queue source: messages sent straight to the inbox."""

from intermodal.events.contract import Entry
from intermodal.events.spec import SourceSpec


def entry(source: SourceSpec) -> Entry:
    """No rule; a statement of the queue policy for senders that are named."""
    return Entry(name=source.name, senders=tuple(source.block.get("senders", ())))
