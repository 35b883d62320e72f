"""Create the alarm for events that could not be delivered to any queue."""

from collections.abc import Mapping

from pulumi import Input

from intermodal.events.alarm import AlarmMetric, create_alarm
from intermodal.events.contract import SourceContext


def create_lost_events_alarm(
    context: SourceContext, namespace: str, metric: str, dimensions: Input[Mapping[str, Input[str]]]
) -> None:
    """Create `{function}-{source}-lost`, the alarm for events that reached neither an inbox nor the undelivered queue.

    Events can be lost in a new function's first minute, before its queue policies take effect.
    """
    lost = AlarmMetric(
        namespace=namespace,
        metric=metric,
        dimensions=dimensions,
        statistic="Sum",
        advice=f"{context.name}: events of its source were lost; find them there, and send them again",
    )
    create_alarm(f"{context.name}-lost", lost, context.alarm_topic_arns, context.tags, context.opts)
