"""Validate source `schedule`."""

from typing import Any

from intermodal.events.sources.schedule import expression
from intermodal.events.sources.schedule.args import ScheduleSourceArgs
from intermodal.problems.validation import Definition

ARGS = ScheduleSourceArgs

DELIVERED = True
"""Whether AWS delivers its events, so that delivery can be disabled."""

FIFO = False
"""Whether it can feed a FIFO inbox: it must set the message group."""


def check(definition: Definition, path: str, block: dict[str, Any]) -> None:
    """Validate the block of a schedule source and apply its defaults."""
    if wrong := expression.wrong(block.get("expression")):
        definition.add(f"{path}.expression", wrong)
    zone = block.setdefault("timezone", "UTC")
    if wrong := expression.wrong_timezone(zone):
        definition.add(f"{path}.timezone", wrong)
    if "input" in block:
        definition.mapping(f"{path}.input", block["input"])
