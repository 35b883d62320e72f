"""A failed measurement does not disturb an alarm."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from local.aws.ecs import deployments, queue_metrics, scaling, scaling_api
from local.aws.ecs.scaling import Read, Scaling
from local.aws.settings import Emulator

HISTORY = SimpleNamespace(_record_history=lambda *_: None)


def fail_to_count(*_: Any) -> float:
    """Fail like a machine that is too busy to respond."""
    raise EndpointConnectionError(endpoint_url="http://127.0.0.1")


def count_nothing(*_: Any) -> float:
    """Return the message counts of an empty queue."""
    return 0.0


def test_unobserved_queue_does_not_count_as_idle(tmp_path: Path) -> None:
    passed = 0.0
    looks = Scaling(Emulator(folder=tmp_path, port=1), lambda: None, lambda: passed)
    alarm = {
        "AlarmName": "idle", "AlarmArn": "arn:idle", "StateValue": "OK", "Threshold": 0, "EvaluationPeriods": 2,
        "ComparisonOperator": "LessThanOrEqualToThreshold", "Namespace": "AWS/SQS", "MetricName": "Visible",
    }  # fmt: skip

    def state_after(read: Read) -> str:
        nonlocal passed
        looks._evaluate(HISTORY, alarm, [], read)
        passed += queue_metrics.PERIOD_SECONDS
        return str(alarm["StateValue"])

    assert [state_after(read) for read in (count_nothing, fail_to_count, count_nothing, count_nothing)] == [
        "OK",
        "OK",
        "OK",
        "ALARM",
    ]


def scale(monkeypatch: pytest.MonkeyPatch, folder: Path, rollout: str, adjustment: int, task: str) -> object:
    """Return the count of a service with three tasks after a scaling action; `task` is the status of each."""
    service = {
        "serviceName": "s", "desiredCount": 3, "status": "ACTIVE",
        "deployments": [{"status": "PRIMARY", "rolloutState": rollout, "desiredCount": 3}],
    }  # fmt: skip
    steps = {"AdjustmentType": "ExactCapacity", "StepAdjustments": [{"ScalingAdjustment": adjustment}]}
    policy = {"PolicyARN": "arn", "PolicyType": "StepScaling", "StepScalingPolicyConfiguration": steps}
    target = {"ResourceId": "service/c/s", "MinCapacity": 0, "MaxCapacity": 10}
    monkeypatch.setattr(scaling_api, "policies", lambda: [("", policy)])
    monkeypatch.setattr(scaling_api, "target_of", lambda _: target)
    monkeypatch.setattr(scaling, "service_of", lambda _: service)
    monkeypatch.setattr(deployments, "tasks_of", lambda *_: [{"lastStatus": task}] * 3)
    alarm = {"AlarmName": "a", "ComparisonOperator": "GreaterThanThreshold", "Threshold": 0, "Period": 60}
    Scaling(Emulator(folder=folder, port=1), lambda: None)._act("arn", alarm, 1.0)
    return service["desiredCount"]


@pytest.mark.parametrize(
    ("rollout", "adjustment", "expected"),
    [("IN_PROGRESS", 0, 3), ("COMPLETED", 0, 0), ("IN_PROGRESS", 5, 5), ("COMPLETED", 5, 5)],
)
def test_no_scale_in_while_a_deployment_is_in_progress(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, rollout: str, adjustment: int, expected: int
) -> None:
    assert scale(monkeypatch, tmp_path, rollout, adjustment, "RUNNING") == expected


@pytest.mark.parametrize(("task", "expected"), [("PENDING", 3), ("ACTIVATING", 3), ("RUNNING", 5)])
def test_no_scale_out_while_tasks_are_starting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, task: str, expected: int
) -> None:
    assert scale(monkeypatch, tmp_path, "COMPLETED", 5, task) == expected
