"""The alarm of a queue that should be empty."""

from collections.abc import Mapping, Sequence

from pulumi import Input, ResourceOptions
from pulumi_aws import cloudwatch, sqs


def create_alarm(
    name: str,
    queue: sqs.Queue,
    topic_arns: Sequence[Input[str]],
    tags: Mapping[str, Input[str]],
    opts: ResourceOptions,
) -> None:
    """`{name}-alarm`: one message is enough. A queue without traffic reports nothing, which is well."""
    cloudwatch.MetricAlarm(
        f"{name}-alarm",
        namespace="AWS/SQS",
        metric_name="ApproximateNumberOfMessagesVisible",
        dimensions={"QueueName": queue.name},
        statistic="Maximum",
        comparison_operator="GreaterThanThreshold",
        threshold=0,
        period=60,
        evaluation_periods=1,
        treat_missing_data="notBreaching",
        alarm_description=f"{name}: messages were given up; look at them, then move them back or delete them",
        alarm_actions=list(topic_arns),
        ok_actions=list(topic_arns),
        tags=tags,
        opts=opts,
    )
