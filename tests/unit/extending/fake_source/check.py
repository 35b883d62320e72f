"""What a definition must meet for source `feed`."""

from typing import Any

from intermodal.events.sources.feed.args import FeedSourceArgs  # type: ignore[import-not-found]

from intermodal.problems.validation import Definition

ARGS = FeedSourceArgs

DELIVERED = True

FIFO = False


def check(definition: Definition, path: str, block: dict[str, Any]) -> None:
    """Check the address."""
    definition.plain_texts(path, block, ("address",))
