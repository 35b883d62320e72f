"""Declare the program's topics, schedules, bus and alarm, and their arguments in every variant."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws

Arguments = dict[str, dict[str, Any]]

TEAM = {"tags": {"team": "a"}}
BASE: Arguments = {
    "Topic": {"display_name": "first", **TEAM},
    "TopicPolicy": {"Action": "SNS:Publish"},
    "TopicSubscription": {
        "raw_message_delivery": True, "filter_policy": json.dumps({"kind": ["a"]}),
        "filter_policy_scope": "MessageBody",
    },
    "ScheduleGroup": TEAM,
    "Schedule": {
        "schedule_expression": "rate(1 hour)", "flexible_time_window": {"mode": "OFF"}, "description": "first",
        "start_date": "2040-01-01T00:00:00Z",
    },
    "ScheduleTarget": {"input": "{}", "retry_policy": {"maximum_retry_attempts": 2}},
    "EventBus": {"description": "first", **TEAM},
    "MetricAlarm": {
        "comparison_operator": "GreaterThanThreshold", "evaluation_periods": 3, "metric_name": "Errors",
        "namespace": "AWS/Lambda", "period": 60, "statistic": "Sum", "threshold": 1.5,
        "dimensions": {"FunctionName": "f"}, "alarm_description": "first", **TEAM,
    },
}  # fmt: skip

UPDATE: Arguments = {
    "Topic": {"display_name": None, "tags": {"crew": "b"}},
    "TopicPolicy": {"Action": "SNS:Subscribe"},
    "TopicSubscription": {"raw_message_delivery": None, "filter_policy": None, "filter_policy_scope": None},
    "ScheduleGroup": {"tags": {"crew": "b"}},
    "Schedule": {
        "schedule_expression": "cron(0 8 * * ? *)", "schedule_expression_timezone": "Europe/Berlin",
        "flexible_time_window": {"mode": "FLEXIBLE", "maximum_window_in_minutes": 5}, "start_date": None,
        "state": "DISABLED",
    },
    "ScheduleTarget": {"input": None, "retry_policy": {"maximum_retry_attempts": 0}},
    "EventBus": {"description": None},
    "MetricAlarm": {
        "statistic": None, "extended_statistic": "p99", "datapoints_to_alarm": 2, "alarm_description": None,
        "treat_missing_data": "notBreaching",
    },
}  # fmt: skip

REPLACE: Arguments = {
    "Topic": {"name_prefix": "other-"},
    "ScheduleGroup": {"name_prefix": "other-"},
    "EventBus": {"name": "walk-other"},
    "MetricAlarm": {"name": "walk-other"},
}

ADOPT: Arguments = {
    "Topic": {"name": "adopt-topic"},
    "ScheduleGroup": {"name": "adopt-schedules"},
    "Schedule": {"name": "adopt-schedule"},
    "EventBus": {"name": "adopt-bus"},
    "MetricAlarm": {"name": "adopt-alarm"},
}


def deploy(given: Arguments, queue: aws.sqs.Queue, role: aws.iam.Role) -> None:
    """Deploy the messaging resources."""
    topic = aws.sns.Topic("main", **given["Topic"])
    publish = {
        "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Resource": topic.arn,
        **given["TopicPolicy"],
    }  # fmt: skip
    aws.sns.TopicPolicy(
        "main", arn=topic.arn, policy=pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [publish]})
    )
    aws.sns.TopicSubscription("main", topic=topic.arn, protocol="sqs", endpoint=queue.arn, **given["TopicSubscription"])
    group = aws.scheduler.ScheduleGroup("main", **given["ScheduleGroup"])
    aws.scheduler.Schedule(
        "main",
        group_name=group.name,
        target=aws.scheduler.ScheduleTargetArgs(arn=queue.arn, role_arn=role.arn, **given["ScheduleTarget"]),
        **given["Schedule"],
    )
    aws.cloudwatch.EventBus("main", **given["EventBus"])
    aws.cloudwatch.MetricAlarm("main", alarm_actions=[topic.arn], **given["MetricAlarm"])
