"""Create a function's undelivered queue, for events that never reached an inbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_aws import sqs

from intermodal.events.alarm import create_queue_alarm
from intermodal.events.contract import Source
from intermodal.events.inbox import DEAD_LETTER_RETENTION_SECONDS, LARGEST_MESSAGE_BYTES, create_policy


@dataclass(frozen=True, kw_only=True)
class Undelivered:
    """The undelivered queue and its policies."""

    queue: sqs.Queue
    policies: Sequence[Resource]

    @property
    def arn(self) -> Output[str]:
        """Queue ARN."""
        return self.queue.arn


@dataclass(frozen=True, kw_only=True)
class UndeliveredArgs:
    """Arguments for the undelivered queue."""

    function: str
    display_name: str
    fifo: bool
    protect: bool
    alarm_topic_arns: Sequence[Input[str]]
    tags: Mapping[str, Input[str]]


def create_undelivered(args: UndeliveredArgs, sources: Sequence[Source], parent: Resource) -> Undelivered:
    """Create `{function}-undelivered`, for events that EventBridge, SNS or Scheduler could not deliver.

    The queue and its policy are always created, so that sources added later do not wait for them. The alarm is created
    only if AWS delivers a source's events.
    """
    name, opts = f"{args.function}-undelivered", ResourceOptions(parent=parent)
    queue = sqs.Queue(
        name,
        message_retention_seconds=DEAD_LETTER_RETENTION_SECONDS,
        max_message_size=LARGEST_MESSAGE_BYTES,
        sqs_managed_sse_enabled=True,
        fifo_queue=True if args.fifo else None,
        tags=args.tags,
        opts=ResourceOptions(parent=parent, protect=args.protect or None),
    )
    delivered = [source for source in sources if source.delivers]
    if delivered:
        create_queue_alarm(name, queue, args.alarm_topic_arns, args.tags, opts)
    grants = [grant for source in delivered for grant in source.grants]
    return Undelivered(
        queue=queue,
        policies=create_policy(
            name, queue, grants, args.display_name, opts, rules_of=None if args.fifo else args.function
        ),
    )
