"""What the loop asks the emulator, over its own API as the account's root."""

from typing import Any

import boto3
from botocore.exceptions import ClientError

from local.aws.settings import ACCOUNT, REGION

DEPTH = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")


class Cloud:
    """Queues, services and alarms of the one account and region."""

    def __init__(self, endpoint: str) -> None:
        session = boto3.Session(aws_access_key_id=ACCOUNT, aws_secret_access_key="root", region_name=REGION)  # noqa: S106
        self._sqs = session.client("sqs", endpoint_url=endpoint)
        self._ecs: Any = session.client("ecs", endpoint_url=endpoint)
        self._alarms: Any = session.client("cloudwatch", endpoint_url=endpoint)

    def counts(self, queue: str) -> tuple[int, int] | None:
        """Visible and in-flight messages; None where there is no such queue."""
        try:
            url = self._sqs.get_queue_url(QueueName=queue)["QueueUrl"]
            found = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        except ClientError:
            return None
        return int(found["ApproximateNumberOfMessages"]), int(found["ApproximateNumberOfMessagesNotVisible"])

    def desired(self, resource_id: str) -> int | None:
        """Tasks that a service is to have; None where there is no such service."""
        _, cluster, name = resource_id.split("/")
        try:
            found = self._ecs.describe_services(cluster=cluster, services=[name])["services"]
        except ClientError:
            return None
        return int(found[0]["desiredCount"]) if found and found[0]["status"] == "ACTIVE" else None

    def set_desired(self, resource_id: str, count: int) -> None:
        """Want so many tasks."""
        _, cluster, name = resource_id.split("/")
        self._ecs.update_service(cluster=cluster, service=name, desiredCount=count)

    def alarm_of(self, policy_arn: str) -> dict[str, Any] | None:
        """The alarm that calls a policy."""
        for page in self._alarms.get_paginator("describe_alarms").paginate(AlarmTypes=["MetricAlarm"]):
            for alarm in page["MetricAlarms"]:
                if policy_arn in alarm.get("AlarmActions", []):
                    found: dict[str, Any] = alarm
                    return found
        return None
