"""Each kind of source creates its resources, and delivers to the inbox with dead letters."""

import json
from importlib import import_module
from typing import Any

import pytest

from intermodal import ContainerFunction, DefinitionError
from intermodal.events.args import SourceArgs
from intermodal.events.registry import list_kinds, load_checks
from tests.conftest import ACCOUNT, REGION, Cloud, Run

BASE = {"image": {"uri": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scan:1"}, "target": "lambda"}
TOPIC = f"arn:aws:sns:eu-central-1:{ACCOUNT}:orders"
ALARM = {"aws:cloudwatch/metricAlarm:MetricAlarm scan-undelivered-alarm"}


RULE_NAME = "scan-bus-proj-dev"
RULE = f"arn:aws:events:{REGION}:{ACCOUNT}:rule"


def register(cloud: Run, *sources: Any, **args: Any) -> Cloud:
    """Register a function with these sources."""
    definition: Any = {**BASE, "sources": list(sources), **args}
    return cloud(lambda: ContainerFunction("scan", definition))


def added_resources(cloud: Run, *sources: Any, **args: Any) -> set[str]:
    """Return the resources that a function without sources does not have."""
    return set(register(cloud, *sources, **args).list_registrations()) - set(
        register(cloud, **args).list_registrations()
    )


@pytest.mark.parametrize("kind", list_kinds())
def test_every_kind_of_source_can_be_created(kind: str) -> None:
    assert callable(import_module(f"intermodal.events.sources.{kind}.source").create_source)
    assert SourceArgs.__annotations__[kind].__args__ == (load_checks(kind).ARGS,)


def test_rule_has_dead_letters_and_an_hour_of_retries(cloud: Run) -> None:
    target = register(cloud, {"bus": {"pattern": {"source": ["a"]}}}).inputs(
        "aws:cloudwatch/eventTarget:EventTarget", "scan-bus-target"
    )
    assert target["deadLetterConfig"] == {"arn": "arn:aws:sqs:eu-central-1:123456789012:scan-undelivered"}
    assert target["retryPolicy"] == {"maximumEventAgeInSeconds": 3600, "maximumRetryAttempts": 185}
    assert (target["arn"], target["targetId"]) == ("arn:aws:sqs:eu-central-1:123456789012:scan-main-inbox", "inbox")


def test_topic_subscription_is_raw_with_filter_and_redrive(cloud: Run) -> None:
    source = {"topic": {"arn": TOPIC, "filter": {"kind": ["order"]}, "filter_scope": "MessageBody"}}
    assert added_resources(cloud, source) == ALARM | {
        "aws:cloudwatch/metricAlarm:MetricAlarm scan-topic-lost",
        "aws:sns/topicSubscription:TopicSubscription scan-topic-subscription",
    }
    found = register(cloud, source).inputs("aws:sns/topicSubscription:TopicSubscription", "scan-topic-subscription")
    assert found == {
        "topic": TOPIC,
        "protocol": "sqs",
        "endpoint": "arn:aws:sqs:eu-central-1:123456789012:scan-main-inbox",
        "rawMessageDelivery": True,
        "filterPolicy": '{"kind":["order"]}',
        "filterPolicyScope": "MessageBody",
        "redrivePolicy": '{"deadLetterTargetArn":"arn:aws:sqs:eu-central-1:123456789012:scan-undelivered"}',
    }


def test_schedule_has_its_own_group_and_role(cloud: Run) -> None:
    source = {"schedule": {"expression": "cron(0 8 ? * MON-FRI *)", "timezone": "Europe/Berlin"}}
    assert added_resources(cloud, source) == ALARM | {
        "aws:cloudwatch/metricAlarm:MetricAlarm scan-schedule-lost",
        "aws:iam/role:Role scan-schedule-sender",
        "aws:iam/rolePolicy:RolePolicy scan-schedule-send",
        "aws:scheduler/schedule:Schedule scan-schedule-schedule",
        "aws:scheduler/scheduleGroup:ScheduleGroup scan-schedule-group",
    }
    found = register(cloud, source)
    assert found.inputs("aws:scheduler/scheduleGroup:ScheduleGroup", "scan-schedule-group")["name"] == (
        "proj-dev-scan-schedule"
    )
    schedule = found.inputs("aws:scheduler/schedule:Schedule", "scan-schedule-schedule")
    assert (schedule["scheduleExpression"], schedule["scheduleExpressionTimezone"]) == (
        "cron(0 8 ? * MON-FRI *)",
        "Europe/Berlin",
    )
    assert schedule["flexibleTimeWindow"] == {"mode": "OFF"}
    assert schedule["target"]["deadLetterConfig"] == {"arn": "arn:aws:sqs:eu-central-1:123456789012:scan-undelivered"}
    assert json.loads(schedule["target"]["input"])["detail-type"] == "Scheduled Event"
    send = json.loads(found.inputs("aws:iam/rolePolicy:RolePolicy", "scan-schedule-send")["policy"])
    assert send["Statement"][0]["Resource"] == [
        "arn:aws:sqs:eu-central-1:123456789012:scan-main-inbox",
        "arn:aws:sqs:eu-central-1:123456789012:scan-undelivered",
    ]


def test_schedule_input_is_the_record_body(cloud: Run) -> None:
    source = {"schedule": {"expression": "rate(1 hour)", "input": {"task": "clean"}}}
    schedule = register(cloud, source).inputs("aws:scheduler/schedule:Schedule", "scan-schedule-schedule")
    assert json.loads(schedule["target"]["input"]) == {"task": "clean"}


@pytest.mark.parametrize(
    ("authorization", "expected"), [({}, "AWS_IAM"), ({"authorization": "none", "requests_per_second": 10}, "NONE")]
)
def test_http_api_sends_the_body_to_the_inbox_and_returns_202(
    cloud: Run, authorization: dict[str, str], expected: str
) -> None:
    """Check the resource graph only, because the emulator lacks API Gateway's SQS integration."""
    source = {"http": {"path": "/orders", **authorization}}
    assert added_resources(cloud, source) == {
        "aws:apigatewayv2/api:Api scan-http-api",
        "aws:apigatewayv2/integration:Integration scan-http-integration",
        "aws:apigatewayv2/route:Route scan-http-route",
        "aws:apigatewayv2/stage:Stage scan-http-stage",
        "aws:iam/role:Role scan-http-sender",
        "aws:iam/rolePolicy:RolePolicy scan-http-send",
    }
    found = register(cloud, source)
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


def test_http_headers_become_message_attributes(cloud: Run) -> None:
    found = register(cloud, {"http": {"headers": ["X-Hub-Signature-256", "X-GitHub-Event"]}})
    parameters = found.inputs("aws:apigatewayv2/integration:Integration", "scan-http-integration")["requestParameters"]
    assert json.loads(parameters["MessageAttributes"]) == {
        "X-Hub-Signature-256": {"DataType": "String", "StringValue": "${request.header.X-Hub-Signature-256}"},
        "X-GitHub-Event": {"DataType": "String", "StringValue": "${request.header.X-GitHub-Event}"},
    }


def test_http_source_exports_url_and_arn(cloud: Run) -> None:
    seen: list[Any] = []

    def program() -> None:
        definition: Any = {
            **BASE,
            "sources": [{"http": {"path": "/orders"}}, {"schedule": {"expression": "rate(1 hour)"}}],
        }
        ContainerFunction("scan", definition).endpoints.apply(seen.append)

    cloud(program)
    where = {"url": "https://scan-http-api/orders", "execution_arn": "arn:scan-http-api/$default/POST/orders"}
    assert seen == [{"http": where}]


def test_existing_queue_replaces_the_inbox(cloud: Run) -> None:
    queue = {"arn": f"arn:aws:sqs:eu-central-1:{ACCOUNT}:orders", "url": "https://queue/orders"}
    found = register(cloud, {"queue": {"existing": queue}})
    assert not [key for key in found.list_registrations() if key.startswith(("aws:sqs/", "aws:cloudwatch/metricAlarm"))]
    mapping = found.inputs("aws:lambda/eventSourceMapping:EventSourceMapping", "scan-main-mapping")
    assert mapping["eventSourceArn"] == queue["arn"]
    consume = json.loads(found.inputs("aws:iam/rolePolicy:RolePolicy", "scan-main-consume")["policy"])
    assert consume["Statement"][0]["Resource"] == [queue["arn"]]


def test_queue_source_has_no_filter_on_any_target(cloud: Run) -> None:
    """Row B16: a filter on Lambda's mapping would delete other messages, which the other targets would handle."""
    with pytest.raises(DefinitionError, match="filter is not an argument"):
        register(cloud, {"queue": {"filter": {"kind": ["order"]}}})
    mapping = register(cloud, {"queue": {"senders": [ACCOUNT]}}).inputs(
        "aws:lambda/eventSourceMapping:EventSourceMapping", "scan-main-mapping"
    )
    assert "filterCriteria" not in mapping


def test_fifo_makes_every_queue_fifo(cloud: Run) -> None:
    found = register(cloud, {"topic": {"arn": f"{TOPIC}.fifo"}}, fifo=True)
    queues = [args.inputs for key, args in found.resources.items() if key.startswith("aws:sqs/queue:Queue")]
    assert [queue["fifoQueue"] for queue in queues] == [True, True, True]
    inbox = found.inputs("aws:sqs/queue:Queue", "scan-main-inbox")
    assert inbox["contentBasedDeduplication"] is True


def test_sources_share_one_statement_per_service(cloud: Run) -> None:
    rules = [{"bus": {"pattern": {"source": [name]}}, "name": name} for name in ("a", "b", "c")]
    topics = [{"topic": {"arn": f"{TOPIC}{name}"}, "name": f"t{name}"} for name in ("a", "b")]
    found = register(cloud, *rules, *topics, {"queue": {"senders": ["arn:aws:iam::123456789012:role/shop"]}})
    policy = json.loads(found.inputs("aws:sqs/queuePolicy:QueuePolicy", "scan-main-inbox-policy")["policy"])
    assert [(s["Sid"], s["Principal"], s.get("Condition")) for s in policy["Statement"]] == [
        (
            "Events",
            {"Service": "events.amazonaws.com"},
            {"ArnLike": {"aws:SourceArn": [f"{RULE}/scan-*", f"{RULE}/*/scan-*"]}},
        ),
        ("Sns", {"Service": "sns.amazonaws.com"}, {"ArnEquals": {"aws:SourceArn": [f"{TOPIC}a", f"{TOPIC}b"]}}),
        ("Senders", {"AWS": ["arn:aws:iam::123456789012:role/shop"]}, None),
    ]


def test_alarms_notify_the_configured_topics(cloud: Run) -> None:
    found = register(cloud, {"bus": {"pattern": {"source": ["a"]}}}, alarm_topic_arns=[TOPIC])
    for name in ("scan-main-dead-letters", "scan-undelivered"):
        alarm = found.inputs("aws:cloudwatch/metricAlarm:MetricAlarm", f"{name}-alarm")
        assert alarm["dimensions"] == {"QueueName": name}
        assert alarm["alarmActions"] == alarm["okActions"] == [TOPIC]
        assert (alarm["metricName"], alarm["threshold"], alarm["comparisonOperator"]) == (
            "ApproximateNumberOfMessagesVisible",
            0,
            "GreaterThanThreshold",
        )


def test_disabled_source_delivers_nothing(cloud: Run) -> None:
    sources: list[Any] = [
        {"bus": {"pattern": {"source": ["a"]}}, "enabled": False},
        {"schedule": {"expression": "rate(1 hour)"}, "enabled": False},
        {"topic": {"arn": TOPIC}, "enabled": False},
    ]
    found = register(cloud, *sources)
    assert found.inputs("aws:cloudwatch/eventRule:EventRule", "scan-bus-rule")["state"] == "DISABLED"
    assert found.inputs("aws:scheduler/schedule:Schedule", "scan-schedule-schedule")["state"] == "DISABLED"
    assert not [key for key in found.list_registrations() if "TopicSubscription" in key]


@pytest.mark.parametrize(
    ("bus", "dimensions"),
    [({}, {"RuleName": RULE_NAME}), ({"bus_name": "b"}, {"EventBusName": "b", "RuleName": RULE_NAME})],
)
def test_alarm_covers_events_not_delivered_to_a_queue(
    cloud: Run, bus: dict[str, str], dimensions: dict[str, str]
) -> None:
    found = register(cloud, {"bus": {"pattern": {"source": ["a"]}, **bus}}, alarm_topic_arns=[TOPIC])
    alarm = found.inputs("aws:cloudwatch/metricAlarm:MetricAlarm", "scan-bus-lost")
    assert (alarm["namespace"], alarm["metricName"]) == ("AWS/Events", "InvocationsFailedToBeSentToDlq")
    assert (alarm["dimensions"], alarm["alarmActions"]) == (dimensions, [TOPIC])


def test_second_source_changes_no_policy(cloud: Run) -> None:
    """EventBridge drops events that a queue policy denies; policy changes take up to a minute."""
    one, two = ({"bus": {"pattern": {"source": [name]}}, "name": name} for name in ("a", "b"))
    before, after = register(cloud, one), register(cloud, one, two)
    for queue in ("main-inbox", "undelivered"):
        name = f"scan-{queue}-policy"
        policy = "aws:sqs/queuePolicy:QueuePolicy"
        assert before.inputs(policy, name) == after.inputs(policy, name)


def test_open_api_has_throttle_and_optional_access_logs(cloud: Run) -> None:
    http = {"authorization": "none", "requests_per_second": 10, "burst": 20, "access_logs": True}
    found = register(cloud, {"http": http})
    stage = found.inputs("aws:apigatewayv2/stage:Stage", "scan-http-stage")
    assert stage["defaultRouteSettings"] == {"throttlingRateLimit": 10, "throttlingBurstLimit": 20}
    assert stage["accessLogSettings"]["destinationArn"].endswith("log-group:scan-http-access")
    assert json.loads(stage["accessLogSettings"]["format"])["sourceIp"] == "$context.identity.sourceIp"


def test_queues_accept_one_mebibyte_messages(cloud: Run) -> None:
    found = register(cloud, {"bus": {"pattern": {"source": ["a"]}}})
    for name in ("scan-main-inbox", "scan-main-dead-letters", "scan-undelivered"):
        assert found.inputs("aws:sqs/queue:Queue", name)["maxMessageSize"] == 1_048_576
