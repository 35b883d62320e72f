"""Check a definition that has the `feed` source."""

from typing import Any

from intermodal.events.sources.feed.args import FeedSourceArgs  # type: ignore[import-not-found]

from intermodal.problems.validation import Validator

ARGS = FeedSourceArgs

DELIVERED = True

FIFO = False


def check(validator: Validator, path: str, fields: dict[str, Any]) -> None:
    """Check the feed's address."""
    validator.require_text(path, fields, ("address",))
