"""A queue wakes a service and lets it sleep again: alarm on metric math, step scaling, and back to zero."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.local.ecs.conftest import CLUSTER, Ecs
from tests.local.ecs.test_services import FOREVER, Service

DIMENSION = {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount"}


@pytest.fixture
def scaled(ecs: Ecs) -> Iterator[tuple[Service, str]]:
    """A service of 0 to 2 tasks, and its queue."""
    name = f"s-{time.time_ns()}"
    scaling, cloudwatch, sqs = ecs.client("application-autoscaling"), ecs.client("cloudwatch"), ecs.client("sqs")
    service = Service(ecs, name)
    service.create(ecs.define(ecs.python("app", FOREVER)), 0)
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    about = {**DIMENSION, "ResourceId": f"service/{CLUSTER}/{name}"}
    scaling.register_scalable_target(**about, MinCapacity=0, MaxCapacity=2)
    for kind, compare, steps in (
        ("out", "GreaterThanThreshold", [(0.0, 5.0, 1), (5.0, None, 9)]),
        ("in", "LessThanOrEqualToThreshold", [(None, 0.0, 0)]),
    ):
        policy = scaling.put_scaling_policy(
            **about,
            PolicyName=f"{name}-{kind}",
            PolicyType="StepScaling",
            StepScalingPolicyConfiguration={
                "AdjustmentType": "ExactCapacity",
                "StepAdjustments": [_step(*s) for s in steps],
            },
        )["PolicyARN"]
        cloudwatch.put_metric_alarm(
            AlarmName=f"{name}-{kind}",
            ComparisonOperator=compare,
            EvaluationPeriods=2,
            Threshold=0,
            TreatMissingData="notBreaching",
            AlarmActions=[policy],
            Metrics=[_metric("v", "Visible", name), _metric("n", "NotVisible", name), _sum(kind)],
        )
    yield service, queue
    cloudwatch.delete_alarms(AlarmNames=[f"{name}-out", f"{name}-in"])
    scaling.deregister_scalable_target(**about)
    sqs.delete_queue(QueueUrl=queue)
    ecs.client("ecs").delete_service(cluster=CLUSTER, service=name, force=True)


def _step(lower: float | None, upper: float | None, change: int) -> dict[str, Any]:
    bounds = {"MetricIntervalLowerBound": lower, "MetricIntervalUpperBound": upper}
    return {"ScalingAdjustment": change, **{name: value for name, value in bounds.items() if value is not None}}


def _metric(identity: str, which: str, queue: str) -> dict[str, Any]:
    metric = {
        "Namespace": "AWS/SQS",
        "MetricName": f"ApproximateNumberOfMessages{which}",
        "Dimensions": [{"Name": "QueueName", "Value": queue}],
    }
    return {"Id": identity, "ReturnData": False, "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Maximum"}}


def _sum(kind: str) -> dict[str, Any]:
    expression = "FILL(v, 0)" if kind == "out" else "FILL(v, 0) + FILL(n, 0)"
    return {"Id": "e", "Expression": expression, "ReturnData": True}


def test_a_message_wakes_a_service_and_an_empty_queue_lets_it_sleep(ecs: Ecs, scaled: tuple[Service, str]) -> None:
    service, queue = scaled
    sqs = ecs.client("sqs")
    assert service.tasks() == []
    sqs.send_message(QueueUrl=queue, MessageBody="1")
    service.until(lambda: service.seen()["runningCount"] == 1)

    for _ in range(6):
        sqs.send_message(QueueUrl=queue, MessageBody="more")
    service.until(lambda: service.seen()["runningCount"] == 2)  # 9 were asked for, 2 is the most

    sqs.purge_queue(QueueUrl=queue)
    service.until(lambda: service.tasks() == [])
    alarm = f"{service.name}-in"
    states = {a["AlarmName"]: a["StateValue"] for a in ecs.client("cloudwatch").describe_alarms()["MetricAlarms"]}
    assert (states[alarm], states[f"{service.name}-out"]) == ("ALARM", "OK")
