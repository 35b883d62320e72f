"""Bus source: events of an EventBridge bus that match a pattern."""

from collections.abc import Mapping
from typing import Any

from pulumi import Input

from intermodal.documents import when_known
from intermodal.events import pattern
from intermodal.events.args import DEFAULT_BUS
from intermodal.events.contract import SourceContext
from intermodal.events.rule import RuleSource, open_rule
from intermodal.problems.errors import DefinitionError


def open_source(context: SourceContext) -> RuleSource:
    """One rule on the source's own bus."""
    block = context.source.block
    return open_rule(context, checked(context, block["pattern"]), block.get("bus_name", DEFAULT_BUS))


def checked(context: SourceContext, given: Mapping[str, Any]) -> Input[str]:
    """The pattern as JSON, looked at once all of it is known."""

    def rendered(known: Mapping[str, Any]) -> str:
        text = pattern.rendered(known)
        if problem := pattern.too_long(f'source "{context.source.name}": pattern', text):
            raise DefinitionError(context.subject, [problem])
        return text

    return when_known(given, rendered)
