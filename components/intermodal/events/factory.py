"""Create sources. Their modules load on first use, because importing one AWS service's SDK takes half a second."""

from importlib import import_module
from typing import Any, cast

from intermodal.events.contract import Source, SourceContext


def create_source(context: SourceContext) -> Source:
    """Create a source's entry resources, which do not deliver yet."""
    module: Any = import_module(f"intermodal.events.sources.{context.source.kind}.source")
    return cast("Source", module.create_source(context))
