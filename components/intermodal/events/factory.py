"""Create sources. Their modules are loaded on first use, because importing each AWS service takes half a second."""

from importlib import import_module
from typing import Any, cast

from intermodal.events.contract import Source, SourceContext


def create_source(context: SourceContext) -> Source:
    """Create a source's resources, which do not deliver events until `connect` is called."""
    module: Any = import_module(f"intermodal.events.sources.{context.source.kind}.source")
    return cast("Source", module.create_source(context))
