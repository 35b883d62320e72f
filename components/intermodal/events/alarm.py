"""Create alarms for metrics that must stay at zero, such as dead letters and lost events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pulumi import Input, ResourceOptions
from pulumi_aws import cloudwatch, sqs


@dataclass(frozen=True, kw_only=True)
class AlarmMetric:
    """A metric that raises an alarm for any value above zero."""

    namespace: str
    metric: str
    dimensions: Input[Mapping[str, Input[str]]]
    statistic: str
    advice: str
    """Alarm description: what happened and what to do."""


def create_alarm(
    name: str,
    metric: AlarmMetric,
    topic_arns: Sequence[Input[str]],
    tags: Mapping[str, Input[str]],
    opts: ResourceOptions,
) -> None:
    """Create the alarm `name`; one data point above zero raises it, and missing data, from an idle queue, does not."""
    cloudwatch.MetricAlarm(
        name,
        namespace=metric.namespace,
        metric_name=metric.metric,
        dimensions=metric.dimensions,
        statistic=metric.statistic,
        comparison_operator="GreaterThanThreshold",
        threshold=0,
        period=60,
        evaluation_periods=1,
        treat_missing_data="notBreaching",
        alarm_description=metric.advice,
        alarm_actions=list(topic_arns),
        ok_actions=list(topic_arns),
        tags=tags,
        opts=opts,
    )


def create_queue_alarm(
    name: str,
    queue: sqs.Queue,
    topic_arns: Sequence[Input[str]],
    tags: Mapping[str, Input[str]],
    opts: ResourceOptions,
) -> None:
    """Create `{name}-alarm` for a queue that must stay empty."""
    messages = AlarmMetric(
        namespace="AWS/SQS",
        metric="ApproximateNumberOfMessagesVisible",
        dimensions={"QueueName": queue.name},
        statistic="Maximum",
        advice=f"{name}: messages were given up; look at them, then move them back or delete them",
    )
    create_alarm(f"{name}-alarm", messages, topic_arns, tags, opts)
