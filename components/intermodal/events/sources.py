"""The kinds of source; adding one is one module, one line here and one in `spec.KINDS`."""

from collections.abc import Callable, Mapping
from importlib import import_module

from intermodal.events.contract import OpenSource, SourceContext

SOURCES: Mapping[str, str] = {
    "queue": "intermodal.events.queue",
    "bus": "intermodal.events.bus",
    "bucket": "intermodal.events.bucket",
    "topic": "intermodal.events.topic",
    "schedule": "intermodal.events.schedule",
    "http": "intermodal.events.http",
}
"""Module by kind. Each is imported when it is used: the SDK of one AWS service takes up to half a second."""


def open_source(context: SourceContext) -> OpenSource:
    """The source of a context, whose entry exists and does not deliver yet."""
    opened: Callable[[SourceContext], OpenSource] = import_module(SOURCES[context.source.kind]).open_source
    return opened(context)
