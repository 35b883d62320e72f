"""Build sources from resources: `sources=[on.bucket(uploads, prefix="in/"), on.schedule("rate(1 hour)")]`.

Each function returns SourceArgs, which a program can also define as a dict.
"""

from collections.abc import Mapping, Sequence
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, cast

from pulumi import Input, Resource

from intermodal.events.args import SourceArgs
from intermodal.events.sources.bucket.args import ObjectEventLike
from intermodal.events.sources.http.args import HttpAuthorizationLike
from intermodal.events.sources.queue.args import ExistingQueueArgs
from intermodal.events.sources.topic.args import FilterScopeLike
from intermodal.problems.errors import DefinitionError, Problem

if TYPE_CHECKING:  # importing these SDKs takes seconds
    from pulumi_aws import cloudwatch, s3, sns, sqs

ENABLE_EVENTS = "intermodal.events.bucket_notification:enable_events_of"
"""Loaded on first use, because importing the S3 module is slow."""

BUCKET, BUS, QUEUE, TOPIC = (
    ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"),
    ("aws:cloudwatch/eventBus:EventBus",),
    ("aws:sqs/queue:Queue",),
    ("aws:sns/topic:Topic",),
)


def bucket(
    bucket: "s3.Bucket | Input[str]",
    *,
    prefix: str | None = None,
    suffix: str | None = None,
    events: Sequence[ObjectEventLike] | None = None,
    name: str | None = None,
    enabled: bool | None = None,
) -> SourceArgs:
    """Return a source for the object events of `bucket`: an `aws.s3.Bucket` or a bucket name.

    EventBridge notifications are enabled for an `aws.s3.Bucket`. For a bucket passed by name, they must already be
    enabled; to enable them, use `enable_bucket_events`.

    Raises:
        DefinitionError: The resource is not a bucket.
    """
    found = _check_type("bucket", bucket, BUCKET)
    bucket_name = resolve_name(ENABLE_EVENTS)(found) if isinstance(found, Resource) else found
    fields = {"bucket": bucket_name, "prefix": prefix, "suffix": suffix, "events": events}
    return _source("bucket", fields, name, enabled)


def bus(
    pattern: Mapping[str, Any],
    *,
    bus: "cloudwatch.EventBus | Input[str] | None" = None,
    name: str | None = None,
    enabled: bool | None = None,
) -> SourceArgs:
    """Return a source for the events that match `pattern`.

    `bus` is an `aws.cloudwatch.EventBus` or a bus name such as `platform.bus_name`. Default: the account's default bus.

    Raises:
        DefinitionError: The resource is not an event bus.
    """
    bus_name = _attribute(_check_type("bus", bus, BUS), "name")
    return _source("bus", {"pattern": pattern, "bus_name": bus_name}, name, enabled)


def topic(
    topic: "sns.Topic | Input[str]",
    *,
    filter: Mapping[str, Any] | None = None,  # noqa: A002 - the term that SNS uses
    filter_scope: FilterScopeLike | None = None,
    raw: bool | None = None,
    name: str | None = None,
    enabled: bool | None = None,
) -> SourceArgs:
    """Return a source for the messages of `topic`: an `aws.sns.Topic` or a topic ARN.

    Raises:
        DefinitionError: The resource is not a topic.
    """
    arn = _attribute(_check_type("topic", topic, TOPIC), "arn")
    return _source("topic", {"arn": arn, "filter": filter, "filter_scope": filter_scope, "raw": raw}, name, enabled)


def schedule(
    expression: str,
    *,
    timezone: str | None = None,
    input: Mapping[str, Any] | None = None,  # noqa: A002 - the term that EventBridge Scheduler uses
    name: str | None = None,
    enabled: bool | None = None,
) -> SourceArgs:
    """Return a source for a schedule, such as `rate(1 hour)` or `cron(0 8 ? * MON-FRI *)`."""
    return _source("schedule", {"expression": expression, "timezone": timezone, "input": input}, name, enabled)


def http(  # noqa: PLR0913 - one argument for each key of the source
    path: str | None = None,
    *,
    authorization: HttpAuthorizationLike | None = None,
    requests_per_second: int | None = None,
    burst: int | None = None,
    headers: Sequence[str] | None = None,
    access_logs: bool | None = None,
    name: str | None = None,
) -> SourceArgs:
    """Return a source for POST requests to `path` of an HTTP API. Default: `/`."""
    fields = {
        "path": path,
        "authorization": authorization,
        "requests_per_second": requests_per_second,
        "burst": burst,
        "headers": headers,
        "access_logs": access_logs,
    }
    return _source("http", fields, name, None)


def queue(
    queue: "sqs.Queue | ExistingQueueArgs | None" = None,
    *,
    senders: Sequence[Input[str]] | None = None,
    name: str | None = None,
) -> SourceArgs:
    """Return a source for an existing queue (an `aws.sqs.Queue`, or its `arn` and `url`), or for `senders`.

    Every function has an inbox, so a function that receives messages only from this account does not need a source.

    Raises:
        DefinitionError: The resource is not a queue.
    """
    found = _check_type("queue", queue, QUEUE)
    existing = {key: getattr(found, key) for key in ("arn", "url")} if isinstance(found, Resource) else found
    return _source("queue", {"existing": existing, "senders": senders}, name, None)


def _source(kind: str, fields: Mapping[str, Any], name: str | None, enabled: bool | None) -> SourceArgs:
    return cast("SourceArgs", _drop_none({kind: _drop_none(fields), "name": name, "enabled": enabled}))


def _drop_none(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value is not None}


def _check_type(kind: str, given: Any, types: Sequence[str]) -> Any:
    if isinstance(given, Resource) and given.pulumi_resource_type not in types:
        text = f"must be one of {', '.join(types)}, got {given.pulumi_resource_type}"
        raise DefinitionError(f"on.{kind}", [Problem(path=kind, text=text)])
    return given


def _attribute(given: Any, name: str) -> Any:
    """Return a resource's attribute; return a plain value unchanged."""
    return getattr(given, name) if isinstance(given, Resource) else given
