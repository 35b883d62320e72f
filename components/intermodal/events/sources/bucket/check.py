"""Validate source `bucket`."""

from typing import Any

from intermodal.events.sources.bucket.args import BucketSourceArgs
from intermodal.problems.validation import Validator

ARGS = BucketSourceArgs

DELIVERED = True
"""Whether AWS delivers its events, so that delivery can be disabled."""

FIFO = False
"""Whether it can feed a FIFO inbox: it must set the message group."""


def check(validator: Validator, path: str, fields: dict[str, Any]) -> None:
    """Validate the block of a bucket source and apply its defaults."""
    validator.require_text(path, fields, ("prefix",))
