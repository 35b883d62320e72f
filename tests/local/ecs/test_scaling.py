"""A queue scales a service up and back to zero, through metric math alarms and step scaling."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from local.aws.ecs.queue_metrics import PERIOD_SECONDS
from tests.local.ecs.conftest import CLUSTER, Ecs
from tests.local.ecs.service import FOREVER, Service

DIMENSION = {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount"}


@pytest.fixture
def scaled_service(ecs: Ecs) -> Iterator[tuple[Service, str]]:
    """Create a service with 0 to 2 tasks, and its queue."""
    name = f"s-{time.time_ns()}"
    scaling, cloudwatch, sqs = ecs.client("application-autoscaling"), ecs.client("cloudwatch"), ecs.client("sqs")
    service = Service(ecs, name)
    service.create(ecs.define(ecs.python("app", FOREVER)), 0)
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    about = {**DIMENSION, "ResourceId": f"service/{CLUSTER}/{name}"}
    scaling.register_scalable_target(**about, MinCapacity=0, MaxCapacity=2)
    for kind, steps in (("out", [(0.0, 5.0, 1), (5.0, None, 9)]), ("in", [(None, 0.0, 0)])):
        policy = scaling.put_scaling_policy(
            **about,
            PolicyName=f"{name}-{kind}",
            PolicyType="StepScaling",
            StepScalingPolicyConfiguration={
                "AdjustmentType": "ExactCapacity",
                "StepAdjustments": [_step(*s) for s in steps],
            },
        )["PolicyARN"]
        put_alarm(ecs, name, kind, policy, SUMS[kind])
    yield service, queue
    cloudwatch.delete_alarms(AlarmNames=[f"{name}-out", f"{name}-in"])
    scaling.deregister_scalable_target(**about)
    sqs.delete_queue(QueueUrl=queue)
    ecs.client("ecs").delete_service(cluster=CLUSTER, service=name, force=True)


SUMS = {"out": "FILL(v, 0)", "in": "FILL(v, 0) + FILL(n, 0)"}
COMPARED = {"out": "GreaterThanThreshold", "in": "LessThanOrEqualToThreshold"}


def put_alarm(ecs: Ecs, name: str, kind: str, policy: str, expression: str) -> None:
    """Create an alarm on the queue's messages."""
    ecs.client("cloudwatch").put_metric_alarm(
        AlarmName=f"{name}-{kind}",
        ComparisonOperator=COMPARED[kind],
        EvaluationPeriods=2,
        Threshold=0,
        TreatMissingData="notBreaching",
        AlarmActions=[policy],
        Metrics=[
            _metric("v", "Visible", name),
            _metric("n", "NotVisible", name),
            {"Id": "e", "Expression": expression, "ReturnData": True},
        ],
    )


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


def test_service_scales_from_zero_and_back(ecs: Ecs, scaled_service: tuple[Service, str]) -> None:
    service, queue = scaled_service
    sqs = ecs.client("sqs")
    assert service.tasks() == []
    sqs.send_message(QueueUrl=queue, MessageBody="1")
    service.until(lambda: service.describe()["runningCount"] == 1)

    for _ in range(6):
        sqs.send_message(QueueUrl=queue, MessageBody="more")
    service.until(lambda: service.describe()["runningCount"] == 2)  # the alarm requests 9, the maximum is 2

    sqs.purge_queue(QueueUrl=queue)
    service.until(lambda: service.tasks() == [])
    alarm = f"{service.name}-in"
    states = {a["AlarmName"]: a["StateValue"] for a in ecs.client("cloudwatch").describe_alarms()["MetricAlarms"]}
    assert (states[alarm], states[f"{service.name}-out"]) == ("ALARM", "OK")


def test_lowering_the_maximum_stops_no_task(ecs: Ecs, scaled_service: tuple[Service, str]) -> None:
    """This is as on AWS; pausing a lane therefore needs the alarm."""
    service, queue = scaled_service
    for _ in range(6):
        ecs.client("sqs").send_message(QueueUrl=queue, MessageBody="more")
    service.until(lambda: service.describe()["runningCount"] == 2)

    scaling = ecs.client("application-autoscaling")
    about = {**DIMENSION, "ResourceId": f"service/{CLUSTER}/{service.name}"}
    scaling.register_scalable_target(**about, MinCapacity=0, MaxCapacity=0)
    time.sleep(3 * PERIOD_SECONDS)
    assert service.describe()["desiredCount"] == 2

    policies = scaling.describe_scaling_policies(ServiceNamespace="ecs", ResourceId=about["ResourceId"])
    [arn] = [one["PolicyARN"] for one in policies["ScalingPolicies"] if one["PolicyName"].endswith("-in")]
    put_alarm(ecs, service.name, "in", arn, f"({SUMS['in']}) * 0")
    service.until(lambda: service.tasks() == [])
