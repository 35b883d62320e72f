"""Validate the `bus` source."""

from collections.abc import Mapping
from typing import Any

from intermodal.documents import find_outputs
from intermodal.events import pattern
from intermodal.events.sources.bus.args import BusSourceArgs
from intermodal.problems.validation import Validator

ARGS = BusSourceArgs

DELIVERED = True
"""Whether AWS delivers the events, so that delivery can be disabled."""

FIFO = False
"""Whether the source can send to a FIFO inbox, which requires a message group ID."""


def check(validator: Validator, path: str, fields: dict[str, Any]) -> None:
    """Validate the fields of a bus source and apply their defaults."""
    if "pattern" not in fields:
        return  # `Validator.fields` has reported the missing key
    given = validator.mapping(f"{path}.pattern", fields["pattern"])
    if not isinstance(fields["pattern"], Mapping):
        return
    validator.extend(pattern.find_problems(f"{path}.pattern", given))
    if not list(find_outputs(given)) and (problem := pattern.check_length(f"{path}.pattern", pattern.render(given))):
        validator.extend([problem])
