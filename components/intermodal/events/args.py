"""Arguments for a source. To add a kind, add a folder in `sources/` and a key here."""

from typing import NotRequired, TypedDict

from intermodal.events.sources.bucket.args import BucketSourceArgs
from intermodal.events.sources.bus.args import BusSourceArgs
from intermodal.events.sources.http.args import HttpSourceArgs
from intermodal.events.sources.queue.args import QueueSourceArgs
from intermodal.events.sources.schedule.args import ScheduleSourceArgs
from intermodal.events.sources.topic.args import TopicSourceArgs

DEFAULT_BUS = "default"
"""The default event bus in every account, which AWS services publish to."""

COMMON_KEYS = ("name", "enabled")
"""Keys of SourceArgs that every kind of source has."""


class SourceArgs(TypedDict):
    """One source: exactly one of `queue`, `bus`, `bucket`, `topic`, `schedule` and `http`."""

    queue: NotRequired[QueueSourceArgs]
    """An existing queue, or who else may send to the inbox. Every function has an inbox without it."""
    bus: NotRequired[BusSourceArgs]
    """Events from an EventBridge bus."""
    bucket: NotRequired[BucketSourceArgs]
    """Events of the objects in a bucket."""
    topic: NotRequired[TopicSourceArgs]
    """Messages published to an SNS topic."""
    schedule: NotRequired[ScheduleSourceArgs]
    """Events on a schedule."""
    http: NotRequired[HttpSourceArgs]
    """Requests posted to an HTTP API."""
    name: NotRequired[str]
    """Lower-case letters and digits; part of the source's resource names. Default: the kind. Required for a second
    source of the same kind."""
    enabled: NotRequired[bool]
    """Whether to deliver events. A new function's queue policies take up to a minute to take effect. EventBridge and
    SNS do not retry a denied delivery. To lose no events, deploy the source with False first, and with True a minute
    later. Applies to `bus`, `bucket`, `topic` and `schedule`. Default: True."""
