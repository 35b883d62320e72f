"""Validate the `bucket` source."""

from typing import Any

from intermodal.events.sources.bucket.args import BucketSourceArgs, ObjectEvent
from intermodal.problems.validation import Validator

ARGS = BucketSourceArgs

DELIVERED = True
"""Whether AWS delivers the events, so that delivery can be disabled."""

FIFO = False
"""Whether the source can send to a FIFO inbox, which requires a message group ID."""


def check(validator: Validator, path: str, fields: dict[str, Any]) -> None:
    """Validate the fields of a bucket source and apply their defaults."""
    validator.require_text(path, fields, ("prefix", "suffix"))
    given = validator.sequence(f"{path}.events", fields.get("events", [ObjectEvent.CREATED]))
    if not given:
        validator.add(f"{path}.events", "must have at least one entry, got none; remove it for created objects only")
    events = [validator.choice(f"{path}.events[{index}]", event, ObjectEvent) for index, event in enumerate(given)]
    fields["events"] = list(dict.fromkeys(event for event in events if event))
