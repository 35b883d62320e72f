"""Validate the `topic` source."""

from typing import Any

from intermodal.events.sources.topic import filters
from intermodal.events.sources.topic.args import FilterScope, TopicSourceArgs
from intermodal.problems.validation import Validator

ARGS = TopicSourceArgs

DELIVERED = True
"""Whether AWS delivers the events, so that delivery can be disabled."""

FIFO = True
"""Whether the source can send to a FIFO inbox, which requires a message group ID."""


def check(validator: Validator, path: str, fields: dict[str, Any]) -> None:
    """Validate the fields of a topic source and apply their defaults."""
    if "filter" in fields:
        given = validator.mapping(f"{path}.filter", fields["filter"])
        nested = fields.get("filter_scope") in {FilterScope.BODY, FilterScope.BODY.value}
        validator.extend(filters.find_problems(f"{path}.filter", given, nested=nested))
    elif "filter_scope" in fields:
        validator.add(f"{path}.filter_scope", "needs a filter; set filter, or remove filter_scope")
    fields["raw"] = validator.boolean(f"{path}.raw", fields.get("raw", True))
    scope = fields.get("filter_scope", FilterScope.ATTRIBUTES)
    fields["filter_scope"] = validator.choice(f"{path}.filter_scope", scope, FilterScope)
