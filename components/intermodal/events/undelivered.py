"""Events that never reached an inbox: one queue for all entries of a function."""

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import Output, Resource, ResourceOptions
from pulumi_aws import sqs

from intermodal.events.alarm import create_queue_alarm
from intermodal.events.contract import OpenSource
from intermodal.events.inbox import DEAD_LETTER_RETENTION_SECONDS, LARGEST_MESSAGE_BYTES, create_policy
from intermodal.function.spec import FunctionSpec


@dataclass(frozen=True, kw_only=True)
class Undelivered:
    """The queue, and its policy where somebody is let in."""

    queue: sqs.Queue
    policies: Sequence[Resource]

    @property
    def arn(self) -> Output[str]:
        """ARN of the queue."""
        return self.queue.arn


def create_undelivered(spec: FunctionSpec, sources: Sequence[OpenSource], parent: Resource) -> Undelivered:
    """`{function}-undelivered`: what EventBridge, SNS or Scheduler gave up.

    The queue and its policy are there from the start: a source that comes later must not wait for them. The alarm is
    there while something is delivered.
    """
    name, opts = f"{spec.name}-undelivered", ResourceOptions(parent=parent)
    queue = sqs.Queue(
        name,
        message_retention_seconds=DEAD_LETTER_RETENTION_SECONDS,
        max_message_size=LARGEST_MESSAGE_BYTES,
        sqs_managed_sse_enabled=True,
        fifo_queue=True if spec.fifo else None,
        tags=spec.tags,
        opts=ResourceOptions(parent=parent, protect=spec.protect or None),
    )
    delivered = [source for source in sources if source.delivers]
    if delivered:
        create_queue_alarm(name, queue, spec.alarm_topic_arns, spec.tags, opts)
    grants = [grant for source in delivered for grant in source.grants]
    return Undelivered(
        queue=queue,
        policies=create_policy(name, queue, grants, spec.subject, opts, rules_of=None if spec.fifo else spec.name),
    )
