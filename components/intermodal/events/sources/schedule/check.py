"""Validate the `schedule` source."""

from typing import Any

from intermodal.events.sources.schedule import expression
from intermodal.events.sources.schedule.args import ScheduleSourceArgs
from intermodal.problems.validation import Validator

ARGS = ScheduleSourceArgs

DELIVERED = True
"""Whether AWS delivers the events, so that delivery can be disabled."""

FIFO = False
"""Whether the source can send to a FIFO inbox, which requires a message group ID."""


def check(validator: Validator, path: str, fields: dict[str, Any]) -> None:
    """Validate the fields of a schedule source and apply their defaults."""
    if wrong := expression.explain_invalid(fields.get("expression")):
        validator.add(f"{path}.expression", wrong)
    zone = fields.setdefault("timezone", "UTC")
    if wrong := expression.explain_invalid_timezone(zone):
        validator.add(f"{path}.timezone", wrong)
    if "input" in fields:
        validator.mapping(f"{path}.input", fields["input"])
