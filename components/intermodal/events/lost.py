"""The alarm of events that no queue took."""

from collections.abc import Mapping

from pulumi import Input
from pulumi_aws import cloudwatch

from intermodal.events.contract import SourceContext


def create_lost_alarm(
    context: SourceContext, namespace: str, metric: str, dimensions: Input[Mapping[str, Input[str]]]
) -> None:
    """Create `{function}-{source}-lost`: an event reached neither an inbox nor the queue of undelivered events.

    So it is with an event of the first minute of a new function, while the policies of its queues do not work yet.
    """
    cloudwatch.MetricAlarm(
        f"{context.name}-lost",
        namespace=namespace,
        metric_name=metric,
        dimensions=dimensions,
        statistic="Sum",
        comparison_operator="GreaterThanThreshold",
        threshold=0,
        period=60,
        evaluation_periods=1,
        treat_missing_data="notBreaching",
        alarm_description=f"{context.name}: events were lost; find them at their source, and send them again",
        alarm_actions=list(context.alarm_topic_arns),
        ok_actions=list(context.alarm_topic_arns),
        tags=context.tags,
        opts=context.opts,
    )
