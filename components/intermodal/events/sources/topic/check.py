"""Validate source `topic`."""

from typing import Any

from intermodal.events.sources.topic import filters
from intermodal.events.sources.topic.args import FilterScope, TopicSourceArgs
from intermodal.problems.validation import Definition

ARGS = TopicSourceArgs

DELIVERED = True
"""Whether AWS delivers its events, so that delivery can be disabled."""

FIFO = True
"""Whether it can feed a FIFO inbox: it must set the message group."""


def check(definition: Definition, path: str, block: dict[str, Any]) -> None:
    """Validate the block of a topic source and apply its defaults."""
    if "filter" in block:
        given = definition.mapping(f"{path}.filter", block["filter"])
        nested = block.get("filter_scope") in {FilterScope.BODY, FilterScope.BODY.value}
        definition.extend(filters.problems(f"{path}.filter", given, nested=nested))
    elif "filter_scope" in block:
        definition.add(f"{path}.filter_scope", "needs a filter; give filter, or leave it out")
    scope = block.get("filter_scope", FilterScope.ATTRIBUTES)
    block["filter_scope"] = definition.word(f"{path}.filter_scope", scope, FilterScope)
