"""Define cases with every input for topics, schedules, buses and alarms, and the resources that they refer to."""

import json
from collections.abc import Iterator
from typing import Any

from intermodal_offline.providers.values import Props
from tests.offline.providers.stack import ACCOUNT, REGION
from tests.offline.providers.subjects import Clients

TOPIC, TOPIC_POLICY = "aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
SCHEDULE, GROUP = "aws:scheduler/schedule:Schedule", "aws:scheduler/scheduleGroup:ScheduleGroup"
BUS, ALARM = "aws:cloudwatch/eventBus:EventBus", "aws:cloudwatch/metricAlarm:MetricAlarm"

HERE = f"{REGION}:{ACCOUNT}"
QUEUE_ARN, ROLE_ARN = f"arn:aws:sqs:{HERE}:readback-source", f"arn:aws:iam::{ACCOUNT}:role/readback-role"
KEY, TOPIC_ARN = f"arn:aws:kms:{HERE}:key/1", f"arn:aws:sns:{HERE}:readback-topic"


def topic_policy(topic: str, action: str) -> str:
    """Return a topic's policy."""
    service = {"Service": "events.amazonaws.com"}
    statement = {"Effect": "Allow", "Principal": service, "Resource": topic, "Action": action}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


ON = {
    "comparisonOperator": "LessThanThreshold", "evaluationPeriods": 3, "metricName": "m", "namespace": "n",
    "period": 120, "threshold": 0.5,
}  # fmt: skip
WINDOW = {"mode": "FLEXIBLE", "maximumWindowInMinutes": 5}
CASES: list[tuple[str, Props]] = [
    (
        TOPIC,
        {
            "namePrefix": "readback-", "fifoTopic": True, "contentBasedDeduplication": True, "displayName": "d",
            "kmsMasterKeyId": "alias/k", "policy": topic_policy("*", "SNS:Publish"),
        },
    ),
    (TOPIC, {"name": "readback-made"}),
    (TOPIC_POLICY, {"arn": TOPIC_ARN, "policy": topic_policy(TOPIC_ARN, "SNS:Publish")}),
    (
        SUBSCRIPTION,
        {
            "topic": TOPIC_ARN, "protocol": "sqs", "endpoint": QUEUE_ARN, "rawMessageDelivery": True,
            "filterPolicy": '{"a":["b"]}', "filterPolicyScope": "MessageBody",
            "redrivePolicy": json.dumps({"deadLetterTargetArn": QUEUE_ARN}),
        },
    ),
    (GROUP, {"name": "readback-made"}),
    (GROUP, {"namePrefix": "readback-"}),
    (
        SCHEDULE,
        {
            "namePrefix": "readback-", "groupName": "readback-group", "scheduleExpression": "cron(0 8 * * ? *)",
            "scheduleExpressionTimezone": "Europe/Berlin", "flexibleTimeWindow": WINDOW, "state": "DISABLED",
            "description": "d", "startDate": "2040-01-01T00:00:00Z", "endDate": "2041-06-01T12:30:00Z",
            "kmsKeyArn": KEY,
            "target": {
                "arn": QUEUE_ARN, "roleArn": ROLE_ARN, "input": "{}",
                "retryPolicy": {"maximumEventAgeInSeconds": 60, "maximumRetryAttempts": 0},
                "deadLetterConfig": {"arn": QUEUE_ARN}, "sqsParameters": {"messageGroupId": "g"},
            },
        },
    ),
    (
        SCHEDULE,
        {
            "name": "readback-s", "scheduleExpression": "rate(1 hour)", "flexibleTimeWindow": {"mode": "OFF"},
            "target": {"arn": QUEUE_ARN, "roleArn": ROLE_ARN},
        },
    ),
    (
        BUS,
        {
            "name": "readback-made", "description": "d", "kmsKeyIdentifier": KEY,
            "deadLetterConfig": {"arn": QUEUE_ARN},
        },
    ),
    (
        ALARM,
        {
            **ON, "name": "readback-a", "alarmDescription": "d", "datapointsToAlarm": 2, "statistic": "Maximum",
            "dimensions": {"A": "1", "B": "2"}, "treatMissingData": "breaching", "alarmActions": [TOPIC_ARN],
            "okActions": [TOPIC_ARN], "insufficientDataActions": [TOPIC_ARN], "actionsEnabled": False, "unit": "Count",
        },
    ),
    (ALARM, {**ON, "extendedStatistic": "p99"}),
    (
        ALARM,
        {
            "comparisonOperator": "GreaterThanThreshold", "evaluationPeriods": 1, "threshold": 0.5, "metricQueries": [
                {"id": "total", "expression": "FILL(m, 0)", "label": "depth", "returnData": True},
                {
                    "id": "m", "metric": {
                        "metricName": "ApproximateNumberOfMessagesVisible", "namespace": "AWS/SQS", "period": 60,
                        "stat": "Maximum", "unit": "Count", "dimensions": {"QueueName": "q"},
                    },
                },
                {"id": "e", "expression": "m * 2", "period": 60, "accountId": ACCOUNT},
            ],
        },
    ),
]  # fmt: skip


def dependencies(client: Clients) -> Iterator[dict[str, Any]]:
    """Create the resources that the cases refer to."""
    topic = client("sns").create_topic(Name="readback-topic")["TopicArn"]
    client("scheduler").create_schedule_group(Name="readback-group")
    yield {}
    client("scheduler").delete_schedule_group(Name="readback-group")
    client("sns").delete_topic(TopicArn=topic)
