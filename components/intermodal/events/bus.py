"""Bus source: events of an EventBridge bus that match a pattern."""

from intermodal.documents import json_text
from intermodal.events.contract import Entry, RuleArgs
from intermodal.events.spec import SourceSpec

DEFAULT_BUS = "default"


def entry(source: SourceSpec) -> Entry:
    """One rule on the source's own bus."""
    pattern = json_text(source.block["pattern"])
    return Entry(name=source.name, rule=RuleArgs(pattern=pattern, bus_name=source.block.get("bus_name", DEFAULT_BUS)))
