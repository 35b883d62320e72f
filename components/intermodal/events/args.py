"""Arguments of event sources. To add a kind of source, add a folder in `sources/` and a key here."""

from typing import NotRequired, TypedDict

from intermodal.events.sources.bucket.args import BucketSourceArgs
from intermodal.events.sources.bus.args import BusSourceArgs
from intermodal.events.sources.http.args import HttpSourceArgs
from intermodal.events.sources.queue.args import QueueSourceArgs
from intermodal.events.sources.schedule.args import ScheduleSourceArgs
from intermodal.events.sources.topic.args import TopicSourceArgs

DEFAULT_BUS = "default"
"""Name of each account's default event bus, to which AWS services send their events."""

COMMON_KEYS = ("name", "enabled")
"""Keys of SourceArgs that apply to all kinds of sources."""


class SourceArgs(TypedDict):
    """An event source: set exactly one of `queue`, `bus`, `bucket`, `topic`, `schedule` and `http`."""

    queue: NotRequired[QueueSourceArgs]
    """An existing queue, or additional principals that may send to the inbox. Every function has an inbox, even without
    this source."""
    bus: NotRequired[BusSourceArgs]
    """Events from an EventBridge bus."""
    bucket: NotRequired[BucketSourceArgs]
    """Object events from an S3 bucket."""
    topic: NotRequired[TopicSourceArgs]
    """Messages published to an SNS topic."""
    schedule: NotRequired[ScheduleSourceArgs]
    """Events on a schedule."""
    http: NotRequired[HttpSourceArgs]
    """POST requests to an HTTP API."""
    name: NotRequired[str]
    """Source name, in lower-case letters and digits; part of the source's resource names. Required for a second source
    of the same kind. Default: the kind."""
    enabled: NotRequired[bool]
    """Whether to deliver events. A new function's queue policies take up to a minute to take effect. EventBridge and
    SNS do not retry denied deliveries. To avoid losing events, deploy the source with False first and with True a
    minute later. Applies to `bus`, `bucket`, `topic` and `schedule`. Default: True."""
