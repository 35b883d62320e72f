"""What a caller may say of a source; adding one is one folder in `sources/` and one key here."""

from typing import NotRequired, TypedDict

from intermodal.events.sources.bucket.args import BucketSourceArgs
from intermodal.events.sources.bus.args import BusSourceArgs
from intermodal.events.sources.http.args import HttpSourceArgs
from intermodal.events.sources.queue.args import QueueSourceArgs
from intermodal.events.sources.schedule.args import ScheduleSourceArgs
from intermodal.events.sources.topic.args import TopicSourceArgs

DEFAULT_BUS = "default"
"""The event bus that every account has, and that AWS services publish to."""

OF_EVERY_SOURCE = ("name", "enabled")
"""Keys of SourceArgs that are no kind of source."""


class SourceArgs(TypedDict):
    """One source: exactly one of `queue`, `bus`, `bucket`, `topic`, `schedule` and `http`."""

    queue: NotRequired[QueueSourceArgs]
    """Messages sent straight to the inbox, or a queue that exists."""
    bus: NotRequired[BusSourceArgs]
    """Events of a bus."""
    bucket: NotRequired[BucketSourceArgs]
    """Objects created in a bucket."""
    topic: NotRequired[TopicSourceArgs]
    """Messages of a topic."""
    schedule: NotRequired[ScheduleSourceArgs]
    """Times of a schedule."""
    http: NotRequired[HttpSourceArgs]
    """Requests posted to an HTTP API."""
    name: NotRequired[str]
    """Lower-case letters and digits, part of its rule's name. Default: the kind; needed for a second of a kind."""
    enabled: NotRequired[bool]
    """Whether it delivers. The policies of a new function's queues take up to a minute to work, and EventBridge and SNS
    do not retry what they deny: deploy a source that must lose nothing with False, and with True a minute later. For
    `bus`, `bucket`, `topic` and `schedule`. Default: True."""
