"""Define cases for topics, schedules, buses and alarms: lifecycle drift and checks, and objects to adopt."""

import datetime as dt
from typing import Any

from tests.offline.providers.program import messaging
from tests.offline.providers.services.messaging_cases import (
    ALARM,
    BUS,
    CASES,
    GROUP,
    HERE,
    SCHEDULE,
    SUBSCRIPTION,
    TOPIC,
    TOPIC_POLICY,
    dependencies,
    topic_policy,
)
from tests.offline.providers.stack import ACCOUNT
from tests.offline.providers.subjects import Clients, Ids, Subject

__all__ = ["CASES", "SUBJECTS", "create_all", "delete_all", "dependencies", "list_existing"]


def topic_attribute(name: str) -> Any:
    """Return a function that reads one of the topic's attributes."""
    return lambda client, ids: client("sns").get_topic_attributes(TopicArn=ids[TOPIC])["Attributes"].get(name)


def get_schedule(client: Clients, ids: Ids) -> dict[str, Any]:
    """Return the schedule."""
    group, _, name = ids[SCHEDULE].partition("/")
    found: dict[str, Any] = client("scheduler").get_schedule(GroupName=group, Name=name)
    return found


def reschedule(client: Clients, ids: Ids) -> None:
    """Change the schedule's state and retries."""
    found = get_schedule(client, ids)
    target = found["Target"] | {"RetryPolicy": {"MaximumRetryAttempts": 7}}
    client("scheduler").update_schedule(
        GroupName=found["GroupName"], Name=found["Name"], ScheduleExpression=found["ScheduleExpression"],
        ScheduleExpressionTimezone=found["ScheduleExpressionTimezone"], Description=found["Description"],
        FlexibleTimeWindow=found["FlexibleTimeWindow"], Target=target, State="DISABLED",
    )  # fmt: skip


def get_alarm(client: Clients, ids: Ids) -> dict[str, Any]:
    """Return the alarm."""
    (found,) = client("cloudwatch").describe_alarms(AlarmNames=[ids[ALARM]])["MetricAlarms"]
    return dict(found)


def group_tags(client: Clients, ids: Ids) -> list[dict[str, str]]:
    """Return the schedule group's tags."""
    arn = f"arn:aws:scheduler:{HERE}:schedule-group/{ids[GROUP]}"
    tags: list[dict[str, str]] = client("scheduler").list_tags_for_resource(ResourceArn=arn)["Tags"]
    return sorted(tags, key=lambda tag: tag["Key"])


SUBJECTS: dict[str, Subject] = {
    TOPIC: Subject(
        updated=frozenset({"displayName", "tags", "tagsAll"}),
        replaced="namePrefix",
        drifted="displayName",
        cause_drift=lambda client, ids: client("sns").set_topic_attributes(
            TopicArn=ids[TOPIC], AttributeName="DisplayName", AttributeValue="stray"
        ),
        read_live=topic_attribute("DisplayName"),
    ),
    TOPIC_POLICY: Subject(
        updated=frozenset({"policy"}),
        replaced="arn",
        drifted="policy",
        cause_drift=lambda client, ids: client("sns").set_topic_attributes(
            TopicArn=ids[TOPIC], AttributeName="Policy", AttributeValue=topic_policy(ids[TOPIC], "SNS:DeleteTopic")
        ),
        read_live=topic_attribute("Policy"),
    ),
    SUBSCRIPTION: Subject(
        updated=frozenset({"rawMessageDelivery", "filterPolicy"}),
        replaced="topic",
        drifted="rawMessageDelivery",
        cause_drift=lambda client, ids: client("sns").set_subscription_attributes(
            SubscriptionArn=ids[SUBSCRIPTION], AttributeName="RawMessageDelivery", AttributeValue="true"
        ),
        read_live=lambda client, ids: client("sns").get_subscription_attributes(SubscriptionArn=ids[SUBSCRIPTION])[
            "Attributes"
        ]["RawMessageDelivery"],
    ),
    GROUP: Subject(
        updated=frozenset({"tags", "tagsAll"}),
        replaced="namePrefix",
        drifted="tags",
        cause_drift=lambda client, ids: client("scheduler").tag_resource(
            ResourceArn=f"arn:aws:scheduler:{HERE}:schedule-group/{ids[GROUP]}",
            Tags=[{"Key": "stray", "Value": "x"}],
        ),
        read_live=group_tags,
    ),
    SCHEDULE: Subject(
        updated=frozenset(
            {
                "scheduleExpression", "scheduleExpressionTimezone", "flexibleTimeWindow.mode", "startDate", "state",
                "flexibleTimeWindow.maximumWindowInMinutes", "target.input", "target.retryPolicy.maximumRetryAttempts",
            }
        ),
        replaced="groupName",
        drifted="target.retryPolicy.maximumRetryAttempts",
        cause_drift=reschedule,
        read_live=lambda client, ids: get_schedule(client, ids)["Target"]["RetryPolicy"],
    ),
    BUS: Subject(
        updated=frozenset({"description"}),
        replaced="name",
        drifted="description",
        cause_drift=lambda client, ids: client("events").update_event_bus(Name=ids[BUS], Description="stray"),
        read_live=lambda client, ids: client("events").describe_event_bus(Name=ids[BUS]).get("Description"),
    ),
    ALARM: Subject(
        updated=frozenset(
            {"statistic", "extendedStatistic", "datapointsToAlarm", "alarmDescription", "treatMissingData"}
        ),
        replaced="name",
        drifted="actionsEnabled",
        cause_drift=lambda client, ids: client("cloudwatch").disable_alarm_actions(AlarmNames=[ids[ALARM]]),
        read_live=lambda client, ids: get_alarm(client, ids)["ActionsEnabled"],
    ),
}  # fmt: skip


def create_all(client: Clients) -> dict[str, str]:
    """Create the objects for the variant `adopt`; return their import IDs."""
    given, tags = messaging.BASE, {"team": "a", "owner": "walk"}
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    fed, role = f"arn:aws:sqs:{HERE}:adopt-queue", f"arn:aws:iam::{ACCOUNT}:role/adopt-role"
    sns, scheduler = client("sns"), client("scheduler")
    topic = sns.create_topic(Name="adopt-topic", Attributes={"DisplayName": "first"}, Tags=pairs)["TopicArn"]
    sns.set_topic_attributes(
        TopicArn=topic, AttributeName="Policy", AttributeValue=topic_policy(topic, given["TopicPolicy"]["Action"])
    )
    attributes = {
        "RawMessageDelivery": "true", "FilterPolicyScope": "MessageBody",
        "FilterPolicy": given["TopicSubscription"]["filter_policy"],
    }  # fmt: skip
    subscription = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=fed, Attributes=attributes)
    scheduler.create_schedule_group(Name="adopt-schedules", Tags=pairs)
    scheduler.create_schedule(
        Name="adopt-schedule", GroupName="adopt-schedules", ScheduleExpression="rate(1 hour)", Description="first",
        FlexibleTimeWindow={"Mode": "OFF"}, StartDate=dt.datetime(2040, 1, 1, tzinfo=dt.UTC),
        Target={"Arn": fed, "RoleArn": role, "Input": "{}", "RetryPolicy": {"MaximumRetryAttempts": 2}},
    )  # fmt: skip
    client("events").create_event_bus(Name="adopt-bus", Description="first", Tags=pairs)
    client("cloudwatch").put_metric_alarm(
        AlarmName="adopt-alarm", ComparisonOperator="GreaterThanThreshold", EvaluationPeriods=3, Period=60,
        MetricName="Errors", Namespace="AWS/Lambda", Statistic="Sum", Threshold=1.5, AlarmDescription="first",
        Dimensions=[{"Name": "FunctionName", "Value": "f"}], AlarmActions=[topic], TreatMissingData="missing",
        Tags=pairs,
    )  # fmt: skip
    return {
        TOPIC: topic, TOPIC_POLICY: topic, SUBSCRIPTION: subscription["SubscriptionArn"], GROUP: "adopt-schedules",
        SCHEDULE: "adopt-schedules/adopt-schedule", BUS: "adopt-bus", ALARM: "adopt-alarm",
    }  # fmt: skip


def delete_all(client: Clients, ids: Ids) -> None:
    """Delete these objects."""
    client("sns").unsubscribe(SubscriptionArn=ids[SUBSCRIPTION])
    client("sns").delete_topic(TopicArn=ids[TOPIC])
    client("scheduler").delete_schedule(GroupName="adopt-schedules", Name="adopt-schedule")
    client("scheduler").delete_schedule_group(Name="adopt-schedules")
    client("events").delete_event_bus(Name="adopt-bus")
    client("cloudwatch").delete_alarms(AlarmNames=["adopt-alarm"])


def list_existing(client: Clients) -> dict[str, list[str]]:
    """Return all of these objects that exist, except those that every account has."""
    sns, scheduler = client("sns"), client("scheduler")
    groups, buses = scheduler.list_schedule_groups()["ScheduleGroups"], client("events").list_event_buses()
    return {
        "topics": [one["TopicArn"] for one in sns.list_topics()["Topics"]],
        "subscriptions": [one["SubscriptionArn"] for one in sns.list_subscriptions()["Subscriptions"]],
        "schedules": [one["Name"] for one in scheduler.list_schedules()["Schedules"]],
        "schedule groups": [one["Name"] for one in groups if one["Name"] != "default"],
        "buses": [one["Name"] for one in buses["EventBuses"] if one["Name"] != "default"],
        "alarms": [one["AlarmName"] for one in client("cloudwatch").describe_alarms()["MetricAlarms"]],
    }
