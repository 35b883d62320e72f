"""Arguments for the `feed` source."""

from typing import TypedDict


class FeedSourceArgs(TypedDict):
    """Messages from a feed."""

    address: str
    """The feed's address."""
