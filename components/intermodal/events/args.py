"""What a caller may say of a source."""

from enum import Enum
from typing import Any, NotRequired, TypedDict

from pulumi import Input

DEFAULT_BUS = "default"
"""The event bus that every account has, and that AWS services publish to."""


class ExistingQueueArgs(TypedDict):
    """A queue that exists."""

    arn: Input[str]
    """ARN of the queue."""
    url: Input[str]
    """URL of the queue."""


class QueueSourceArgs(TypedDict):
    """Messages of a queue: the function's own inbox, or a queue that exists."""

    senders: NotRequired[list[Input[str]]]
    """ARNs of principals that may send to the inbox. Default: whom their own policy of this account allows."""
    existing: NotRequired[ExistingQueueArgs]
    """A queue that takes the inbox's place: the only source of a function with one lane. Its policy, dead letters and
    visibility (at least the timeout, best six times) stay as they are. Default: an inbox of its own."""


class BusSourceArgs(TypedDict):
    """Events of an EventBridge bus that match a pattern."""

    pattern: dict[str, Any]
    """EventBridge event pattern; at most 2,048 characters as JSON."""
    bus_name: NotRequired[Input[str]]
    """The bus. Default: `default`, the account's own."""


class BucketSourceArgs(TypedDict):
    """Objects created in an S3 bucket that sends its events to EventBridge (`enable_bucket_events`)."""

    bucket: Input[str]
    """Name of the bucket."""
    prefix: NotRequired[str]
    """Only keys that begin so. Default: all keys."""


class FilterScope(Enum):
    """What a topic's filter looks at."""

    ATTRIBUTES = "MessageAttributes"
    """The message's attributes."""
    BODY = "MessageBody"
    """The message itself, which must be JSON."""


class TopicSourceArgs(TypedDict):
    """Messages of an SNS topic, as they were published: without SNS's envelope."""

    arn: Input[str]
    """ARN of the topic."""
    filter: NotRequired[dict[str, Any]]
    """SNS filter policy. Default: every message."""
    filter_scope: NotRequired[FilterScope]
    """What the filter looks at. Default: MessageAttributes."""


class ScheduleSourceArgs(TypedDict):
    """One event at each time of a schedule."""

    expression: str
    """`rate(5 minutes)`, `cron(0 8 ? * MON-FRI *)` or `at(2027-01-31T08:00:00)`."""
    timezone: NotRequired[str]
    """Time zone of cron and at, such as `Europe/Berlin`; daylight saving time is followed. Default: `UTC`."""
    input: NotRequired[dict[str, Any]]
    """Body of the record, as JSON. Default: an event like EventBridge's own `Scheduled Event`."""


class HttpAuthorization(Enum):
    """Who may post."""

    IAM = "iam"
    """Whoever IAM lets invoke the API, by a signed request."""
    NONE = "none"
    """Everybody who knows the address."""


class HttpSourceArgs(TypedDict):
    """Requests posted to an HTTP API: answered with 202 once the body is in the inbox."""

    path: NotRequired[str]
    """Path that is posted to. Default: `/`."""
    authorization: NotRequired[HttpAuthorization]
    """Who may post. Default: iam."""
    requests_per_second: NotRequired[int]
    """Most requests a second, on average; more are answered 429. Needed with `none`, where one client could use up the
    10,000 a second that an account has in a Region. Default: the account's limit."""
    burst: NotRequired[int]
    """Most requests at once. Default: as `requests_per_second`."""
    access_logs: NotRequired[bool]
    """Keep a line of each request in `{function}-{source}-access`, a log group. Default: False."""


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
