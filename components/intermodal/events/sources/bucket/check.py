"""What a definition must meet for source `bucket`."""

from typing import Any

from intermodal.events.sources.bucket.args import BucketSourceArgs
from intermodal.problems.validation import Definition

ARGS = BucketSourceArgs

DELIVERED = True
"""Whether AWS delivers its events, and so may wait with it."""

FIFO = False
"""Whether it can feed a FIFO inbox: only what sets a message group can."""


def check(definition: Definition, path: str, block: dict[str, Any]) -> None:
    """Check the block of a bucket source, and apply its defaults."""
    definition.plain_texts(path, block, ("prefix",))
