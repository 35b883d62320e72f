"""The kinds of source; adding one is one module, one line here and one in `spec.KINDS`."""

from collections.abc import Callable, Mapping

from intermodal.events import bucket, bus, http, queue, schedule, topic
from intermodal.events.contract import OpenSource, SourceContext

__all__ = ["SOURCES"]

SOURCES: Mapping[str, Callable[[SourceContext], OpenSource]] = {
    "queue": queue.open_source,
    "bus": bus.open_source,
    "bucket": bucket.open_source,
    "topic": topic.open_source,
    "schedule": schedule.open_source,
    "http": http.open_source,
}
