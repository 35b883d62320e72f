"""What each kind of source creates, and how it is led to the inbox with its dead letters."""

import json
from importlib import import_module
from typing import Any

import pytest

from intermodal import ContainerFunction, DefinitionError
from intermodal.events.args import SourceArgs
from intermodal.events.sources import SOURCES
from intermodal.events.spec import KINDS
from tests.conftest import ACCOUNT, Cloud, Run

BASE = {"image": {"uri": "registry.example/scan:1"}, "target": "lambda"}
TOPIC = f"arn:aws:sns:eu-central-1:{ACCOUNT}:orders"
ALARM = {"aws:cloudwatch/metricAlarm:MetricAlarm scan-undelivered-alarm"}


def made(cloud: Run, *sources: Any, **args: Any) -> Cloud:
    """The function with these sources."""
    definition: Any = {**BASE, "sources": list(sources), **args}
    return cloud(lambda: ContainerFunction("scan", definition))


def added(cloud: Run, *sources: Any, **args: Any) -> set[str]:
    """What it has beside a function without sources."""
    return set(made(cloud, *sources, **args).registered()) - set(made(cloud, **args).registered())


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_that_may_be_said_can_be_opened(kind: str) -> None:
    assert callable(import_module(SOURCES[kind]).open_source)
    assert SOURCES.keys() == KINDS.keys() == SourceArgs.__annotations__.keys() - {"name"}


def test_a_rule_has_dead_letters_an_hour_of_retries_and_a_fixed_target(cloud: Run) -> None:
    target = made(cloud, {"bus": {"pattern": {"source": ["a"]}}}).inputs(
        "aws:cloudwatch/eventTarget:EventTarget", "scan-bus-target"
    )
    assert target["deadLetterConfig"] == {"arn": "arn:scan-undelivered"}
    assert target["retryPolicy"] == {"maximumEventAgeInSeconds": 3600, "maximumRetryAttempts": 185}
    assert (target["arn"], target["targetId"]) == ("arn:scan-main-inbox", "inbox")


def test_a_topic_is_subscribed_raw_with_its_filter_and_dead_letters(cloud: Run) -> None:
    source = {"topic": {"arn": TOPIC, "filter": {"kind": ["order"]}, "filter_scope": "MessageBody"}}
    assert added(cloud, source) == ALARM | {
        "aws:sns/topicSubscription:TopicSubscription scan-topic-subscription",
        "aws:sqs/queuePolicy:QueuePolicy scan-main-inbox-policy",
        "aws:sqs/queuePolicy:QueuePolicy scan-undelivered-policy",
    }
    found = made(cloud, source).inputs("aws:sns/topicSubscription:TopicSubscription", "scan-topic-subscription")
    assert found == {
        "topic": TOPIC,
        "protocol": "sqs",
        "endpoint": "arn:scan-main-inbox",
        "rawMessageDelivery": True,
        "filterPolicy": '{"kind":["order"]}',
        "filterPolicyScope": "MessageBody",
        "redrivePolicy": '{"deadLetterTargetArn":"arn:scan-undelivered"}',
    }


def test_a_schedule_has_a_group_and_a_role_that_only_this_group_may_assume(cloud: Run) -> None:
    source = {"schedule": {"expression": "cron(0 8 ? * MON-FRI *)", "timezone": "Europe/Berlin"}}
    assert added(cloud, source) == ALARM | {
        "aws:iam/role:Role scan-schedule-sender",
        "aws:iam/rolePolicy:RolePolicy scan-schedule-send",
        "aws:scheduler/schedule:Schedule scan-schedule-schedule",
        "aws:scheduler/scheduleGroup:ScheduleGroup scan-schedule-group",
    }
    found = made(cloud, source)
    assert found.inputs("aws:scheduler/scheduleGroup:ScheduleGroup", "scan-schedule-group")["name"] == (
        "proj-dev-scan-schedule"
    )
    schedule = found.inputs("aws:scheduler/schedule:Schedule", "scan-schedule-schedule")
    assert (schedule["scheduleExpression"], schedule["scheduleExpressionTimezone"]) == (
        "cron(0 8 ? * MON-FRI *)",
        "Europe/Berlin",
    )
    assert schedule["flexibleTimeWindow"] == {"mode": "OFF"}
    assert schedule["target"]["deadLetterConfig"] == {"arn": "arn:scan-undelivered"}
    assert json.loads(schedule["target"]["input"])["detail-type"] == "Scheduled Event"
    send = json.loads(found.inputs("aws:iam/rolePolicy:RolePolicy", "scan-schedule-send")["policy"])
    assert send["Statement"][0]["Resource"] == ["arn:scan-main-inbox", "arn:scan-undelivered"]


def test_an_input_of_its_own_is_the_body_of_the_record(cloud: Run) -> None:
    source = {"schedule": {"expression": "rate(1 hour)", "input": {"task": "clean"}}}
    schedule = made(cloud, source).inputs("aws:scheduler/schedule:Schedule", "scan-schedule-schedule")
    assert json.loads(schedule["target"]["input"]) == {"task": "clean"}


@pytest.mark.parametrize(("authorization", "expected"), [({}, "AWS_IAM"), ({"authorization": "none"}, "NONE")])
def test_an_http_api_puts_the_body_into_the_inbox_and_answers_202(
    cloud: Run, authorization: dict[str, str], expected: str
) -> None:
    """On the graph only: the emulator lacks API Gateway's SQS integration."""
    source = {"http": {"path": "/orders", **authorization}}
    assert added(cloud, source) == {
        "aws:apigatewayv2/api:Api scan-http-api",
        "aws:apigatewayv2/integration:Integration scan-http-integration",
        "aws:apigatewayv2/route:Route scan-http-route",
        "aws:apigatewayv2/stage:Stage scan-http-stage",
        "aws:iam/role:Role scan-http-sender",
        "aws:iam/rolePolicy:RolePolicy scan-http-send",
    }
    found = made(cloud, source)
    assert found.inputs("aws:apigatewayv2/integration:Integration", "scan-http-integration") == {
        "apiId": "scan-http-api-id",
        "integrationType": "AWS_PROXY",
        "integrationSubtype": "SQS-SendMessage",
        "payloadFormatVersion": "1.0",
        "credentialsArn": "arn:scan-http-sender",
        "requestParameters": {"QueueUrl": "https://scan-main-inbox", "MessageBody": "$request.body"},
        "responseParameters": [{"statusCode": "200", "mappings": {"overwrite:statuscode": "202"}}],
    }
    route = found.inputs("aws:apigatewayv2/route:Route", "scan-http-route")
    assert (route["routeKey"], route["target"]) == ("POST /orders", "integrations/scan-http-integration-id")
    assert route["authorizationType"] == expected
    stage = found.inputs("aws:apigatewayv2/stage:Stage", "scan-http-stage")
    assert (stage["name"], stage["autoDeploy"]) == ("$default", True)


def test_an_http_source_tells_where_to_post_and_what_to_allow(cloud: Run) -> None:
    seen: list[Any] = []

    def program() -> None:
        definition: Any = {**BASE, "sources": [{"http": {"path": "/orders"}}, {"queue": {}}]}
        ContainerFunction("scan", definition).endpoints.apply(seen.append)

    cloud(program)
    where = {"url": "https://scan-http-api/orders", "execution_arn": "arn:scan-http-api/$default/POST/orders"}
    assert seen == [{"http": where}]


def test_a_queue_that_exists_takes_the_inboxes_place(cloud: Run) -> None:
    queue = {"arn": f"arn:aws:sqs:eu-central-1:{ACCOUNT}:orders", "url": "https://queue/orders"}
    found = made(cloud, {"queue": {"existing": queue}})
    assert not [key for key in found.registered() if key.startswith(("aws:sqs/", "aws:cloudwatch/metricAlarm"))]
    mapping = found.inputs("aws:lambda/eventSourceMapping:EventSourceMapping", "scan-main-mapping")
    assert mapping["eventSourceArn"] == queue["arn"]
    consume = json.loads(found.inputs("aws:iam/rolePolicy:RolePolicy", "scan-main-consume")["policy"])
    assert consume["Statement"][0]["Resource"] == [queue["arn"]]


def test_a_queue_source_filters_nothing_on_any_target(cloud: Run) -> None:
    """Row B16: a filter of Lambda's mapping deletes what does not match, where the other targets would handle it."""
    with pytest.raises(DefinitionError, match="filter is not known here"):
        made(cloud, {"queue": {"filter": {"kind": ["order"]}}})
    mapping = made(cloud, {"queue": {}}).inputs("aws:lambda/eventSourceMapping:EventSourceMapping", "scan-main-mapping")
    assert "filterCriteria" not in mapping


def test_fifo_makes_every_queue_fifo(cloud: Run) -> None:
    found = made(cloud, {"topic": {"arn": f"{TOPIC}.fifo"}}, fifo=True)
    queues = [args.inputs for key, args in found.resources.items() if key.startswith("aws:sqs/queue:Queue")]
    assert [queue["fifoQueue"] for queue in queues] == [True, True, True]
    inbox = found.inputs("aws:sqs/queue:Queue", "scan-main-inbox")
    assert inbox["contentBasedDeduplication"] is True


def test_many_sources_make_one_statement_for_each_service(cloud: Run) -> None:
    rules = [{"bus": {"pattern": {"source": [name]}}, "name": name} for name in ("a", "b", "c")]
    topics = [{"topic": {"arn": f"{TOPIC}{name}"}, "name": f"t{name}"} for name in ("a", "b")]
    found = made(cloud, *rules, *topics, {"queue": {"senders": ["arn:aws:iam::123456789012:role/shop"]}})
    policy = json.loads(found.inputs("aws:sqs/queuePolicy:QueuePolicy", "scan-main-inbox-policy")["policy"])
    assert [(s["Sid"], s["Principal"], s.get("Condition")) for s in policy["Statement"]] == [
        (
            "Events",
            {"Service": "events.amazonaws.com"},
            {"ArnEquals": {"aws:SourceArn": ["arn:scan-a-rule", "arn:scan-b-rule", "arn:scan-c-rule"]}},
        ),
        ("Sns", {"Service": "sns.amazonaws.com"}, {"ArnEquals": {"aws:SourceArn": [f"{TOPIC}a", f"{TOPIC}b"]}}),
        ("Senders", {"AWS": ["arn:aws:iam::123456789012:role/shop"]}, None),
    ]


def test_alarms_tell_the_topics_that_are_named(cloud: Run) -> None:
    found = made(cloud, {"bus": {"pattern": {"source": ["a"]}}}, alarm_topic_arns=[TOPIC])
    for name in ("scan-main-dead-letters", "scan-undelivered"):
        alarm = found.inputs("aws:cloudwatch/metricAlarm:MetricAlarm", f"{name}-alarm")
        assert alarm["dimensions"] == {"QueueName": name}
        assert alarm["alarmActions"] == alarm["okActions"] == [TOPIC]
        assert (alarm["metricName"], alarm["threshold"], alarm["comparisonOperator"]) == (
            "ApproximateNumberOfMessagesVisible",
            0,
            "GreaterThanThreshold",
        )
