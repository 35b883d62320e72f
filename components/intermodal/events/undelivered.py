"""Events that never reached an inbox: one queue for all entries of a function."""

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import Output, Resource, ResourceOptions
from pulumi_aws import sqs

from intermodal.events.alarm import create_alarm
from intermodal.events.inbox import DEAD_LETTER_RETENTION_SECONDS, Grant, create_policy
from intermodal.function.spec import FunctionSpec


@dataclass(frozen=True, kw_only=True)
class Undelivered:
    """The queue; without one where nothing is delivered by AWS."""

    queue: sqs.Queue | None = None
    policies: Sequence[Resource] = ()

    @property
    def arn(self) -> Output[str]:
        """Its ARN.

        Raises:
            LookupError: there is none; only sources that are delivered ask.
        """
        if self.queue is None:
            raise LookupError("no source of this function is delivered by AWS")
        return self.queue.arn


def create_undelivered(spec: FunctionSpec, grants: Sequence[Grant], parent: Resource) -> Undelivered:
    """`{function}-undelivered` with its policy and alarm: what EventBridge, SNS or Scheduler gave up."""
    name, opts = f"{spec.name}-undelivered", ResourceOptions(parent=parent)
    queue = sqs.Queue(
        name,
        message_retention_seconds=DEAD_LETTER_RETENTION_SECONDS,
        sqs_managed_sse_enabled=True,
        fifo_queue=True if spec.fifo else None,
        tags=spec.tags,
        opts=ResourceOptions(parent=parent, protect=spec.protect),
    )
    create_alarm(name, queue, spec.alarm_topic_arns, spec.tags, opts)
    return Undelivered(queue=queue, policies=create_policy(name, queue, grants, spec.subject, opts))
