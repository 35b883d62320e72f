"""What an alarm makes of a look that failed."""

import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from local.aws.ecs import scaling
from local.aws.ecs.scaling import Read, Scaling
from local.aws.settings import Emulator

HISTORY = SimpleNamespace(_record_history=lambda *_: None)


def unseen(*_: Any) -> float:
    """A queue on a machine that is too busy to answer."""
    raise EndpointConnectionError(endpoint_url="http://127.0.0.1")


def empty(*_: Any) -> float:
    """A queue without messages."""
    return 0.0


def test_a_queue_that_could_not_be_seen_was_not_idle_meanwhile(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(scaling, "PERIOD_SECONDS", 0.05)
    looks = Scaling(Emulator(folder=tmp_path, port=1), lambda: None)
    alarm = {
        "AlarmName": "idle", "AlarmArn": "arn:idle", "StateValue": "OK", "Threshold": 0, "EvaluationPeriods": 2,
        "ComparisonOperator": "LessThanOrEqualToThreshold", "Namespace": "AWS/SQS", "MetricName": "Visible",
    }  # fmt: skip

    def state_after(read: Read) -> str:
        looks._judge(HISTORY, alarm, [], read)
        time.sleep(0.06)
        return str(alarm["StateValue"])

    assert [state_after(read) for read in (empty, unseen, empty, empty)] == ["OK", "OK", "OK", "ALARM"]
