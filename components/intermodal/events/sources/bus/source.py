"""Bus source: events of an EventBridge bus that match a pattern."""

from intermodal.events.args import DEFAULT_BUS
from intermodal.events.contract import SourceContext
from intermodal.events.rule import RuleSource, open_rule, render_pattern


def open_source(context: SourceContext) -> RuleSource:
    """Create a rule on the source's bus."""
    block = context.source.block
    return open_rule(context, render_pattern(context, block["pattern"]), block.get("bus_name", DEFAULT_BUS))
