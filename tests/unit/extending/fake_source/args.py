"""Arguments of source `feed`."""

from typing import TypedDict


class FeedSourceArgs(TypedDict):
    """Messages of a feed."""

    address: str
    """Address of the feed."""
