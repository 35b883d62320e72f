"""Create the rule for a bus source."""

from intermodal.events.args import DEFAULT_BUS
from intermodal.events.contract import SourceContext
from intermodal.events.rule import RuleSource, create_rule, render_pattern


def create_source(context: SourceContext) -> RuleSource:
    """Create the rule on the source's bus."""
    fields = context.source.fields
    return create_rule(context, render_pattern(context, fields["pattern"]), fields.get("bus_name", DEFAULT_BUS))
