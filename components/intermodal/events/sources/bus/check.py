"""Validate source `bus`."""

from collections.abc import Mapping
from typing import Any

from intermodal.documents import outputs_in
from intermodal.events import pattern
from intermodal.events.sources.bus.args import BusSourceArgs
from intermodal.problems.validation import Definition

ARGS = BusSourceArgs

DELIVERED = True
"""Whether AWS delivers its events, so that delivery can be disabled."""

FIFO = False
"""Whether it can feed a FIFO inbox: it must set the message group."""


def check(definition: Definition, path: str, block: dict[str, Any]) -> None:
    """Validate the block of a bus source and apply its defaults."""
    if "pattern" not in block:
        return  # already reported as missing
    given = definition.mapping(f"{path}.pattern", block["pattern"])
    if not isinstance(block["pattern"], Mapping):
        return
    definition.extend(pattern.problems(f"{path}.pattern", given))
    if not list(outputs_in(given)) and (problem := pattern.too_long(f"{path}.pattern", pattern.rendered(given))):
        definition.extend([problem])
