"""The alarm of events that no queue took."""

from collections.abc import Mapping

from pulumi import Input

from intermodal.events.alarm import AlarmMetric, create_alarm
from intermodal.events.contract import SourceContext


def create_lost_events_alarm(
    context: SourceContext, namespace: str, metric: str, dimensions: Input[Mapping[str, Input[str]]]
) -> None:
    """Create `{function}-{source}-lost`: an event reached neither an inbox nor the queue of undelivered events.

    So it is with an event of the first minute of a new function, while the policies of its queues do not work yet.
    """
    lost = AlarmMetric(
        namespace=namespace,
        metric=metric,
        dimensions=dimensions,
        statistic="Sum",
        advice=f"{context.name}: events of its source were lost; find them there, and send them again",
    )
    create_alarm(f"{context.name}-lost", lost, context.alarm_topic_arns, context.tags, context.opts)
