"""The ECS target's alarms scale a lane correctly."""

import json
from typing import Any

import pytest

from intermodal import ContainerFunction
from tests.conftest import ACCOUNT, REGION, Run
from tests.unit.targets.ecs_lane import BASE, function
from tests.unit.targets.metric_math import evaluate


@pytest.mark.parametrize(
    ("lane", "most"), [({}, 10), ({"maximum_concurrency": 40}, 40), ({"maximum_concurrency": 0}, 0)]
)
def test_maximum_concurrency_limits_the_tasks(cloud: Run, lane: dict[str, int], most: int) -> None:
    scaled = function(cloud, **lane).inputs("aws:appautoscaling/target:Target", "scan-main-scaling")
    assert (scaled["minCapacity"], scaled["maxCapacity"]) == (0, most)


@pytest.mark.parametrize(
    ("waiting", "empty", "age", "wanted"),
    [
        (0, 0, 0, 0),
        (3, 0, 10, 3),
        (3, None, None, 3),
        (3, 6, 10, 0),  # running tasks are busy, and get the messages at their next receive
        (3, 6, 300, 3),  # the empty receives are another consumer's, and the message is late
        (0, 6, 3600, 0),  # after an hour of work the age is normal, and no reason for another task
        (None, None, None, None),  # the newest minute has no data yet; that does not mean no messages
    ],
)
def test_waiting_messages_start_a_task(
    cloud: Run, waiting: float | None, empty: float | None, age: float | None, wanted: float | None
) -> None:
    alarm = function(cloud).inputs("aws:cloudwatch/metricAlarm:MetricAlarm", "scan-main-waiting")
    metrics = {"waiting": waiting, "empty": empty, "age": age}
    assert evaluate(_expression(alarm["metricQueries"]), metrics) == wanted


@pytest.mark.parametrize(
    ("waiting", "empty", "seen"), [(0, 9, 9), (None, 9, 9), (2, 9, 0), (0, None, None), (None, None, None)]
)
def test_empty_receives_reduce_the_tasks(
    cloud: Run, waiting: float | None, empty: float | None, seen: float | None
) -> None:
    alarm = function(cloud).inputs("aws:cloudwatch/metricAlarm:MetricAlarm", "scan-main-surplus")
    assert evaluate(_expression(alarm["metricQueries"]), {"waiting": waiting, "empty": empty}) == seen


@pytest.mark.parametrize(("received", "idle"), [(0, True), (1, False), (None, True)])
def test_queue_with_recent_receives_is_not_idle(cloud: Run, received: float | None, idle: bool) -> None:
    alarm = function(cloud).inputs("aws:cloudwatch/metricAlarm:MetricAlarm", "scan-main-idle")
    value = evaluate(_expression(alarm["metricQueries"]), {"waiting": 0.0, "working": None, "received": received})
    assert value is not None
    assert (value <= alarm["threshold"]) is idle


def test_idle_inbox_is_kept_active_every_five_hours(cloud: Run) -> None:
    made = function(cloud)
    schedule = made.inputs("aws:scheduler/schedule:Schedule", "scan-main-active")
    assert schedule["scheduleExpression"] == "rate(5 hours)"
    assert schedule["target"]["arn"] == "arn:aws:scheduler:::aws-sdk:sqs:untagQueue"
    assert json.loads(schedule["target"]["input"])["QueueUrl"] == "https://scan-main-inbox"
    trust = json.loads(made.inputs("aws:iam/role:Role", "scan-main-exec")["assumeRolePolicy"])
    assert trust["Statement"][1]["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule-group/default"},
    }


def _expression(queries: list[dict[str, Any]]) -> str:
    (returned,) = [query for query in queries if query.get("returnData")]
    return str(returned["expression"])


def test_a_paused_lane_has_no_task(cloud: Run) -> None:
    lanes = [{"name": "main", "target": "ecs", "paused": True}]
    definition: Any = {key: value for key, value in BASE.items() if key != "target"} | {"lanes": lanes}
    made = cloud(lambda: ContainerFunction("scan", definition))
    assert made.inputs("aws:appautoscaling/target:Target", "scan-main-scaling")["maxCapacity"] == 0
    alarm = made.inputs("aws:cloudwatch/metricAlarm:MetricAlarm", "scan-main-idle")
    [expression] = [query["expression"] for query in alarm["metricQueries"] if "expression" in query]
    for waiting in (0.0, 7.0, None):  # a paused lane scales in regardless of its backlog
        value = evaluate(expression, {"waiting": waiting, "working": 3.0, "received": 5.0})
        assert value is not None
        assert value <= alarm["threshold"]
    assert alarm["evaluationPeriods"] == 1
