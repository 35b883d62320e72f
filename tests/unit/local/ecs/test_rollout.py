"""The service scheduler's steps and their order follow these tables."""

from typing import Any

import pytest

from local.aws.ecs import metric_math
from local.aws.ecs.rollout import DesiredService, RolloutStep, RunningTask, plan_step
from local.aws.ecs.steps import apply_step


def tasks(text: str) -> list[RunningTask]:
    """Return one task per word: c(urrent) or o(ld), then s(teady), p(rotected), x (unhealthy); IDs are positions."""
    return [
        RunningTask(
            arn=str(place), current=word[0] == "c", steady="s" in word, protected="p" in word, sick="x" in word,
            born=str(place),
        )
        for place, word in enumerate(text.split())
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("desired", "running", "expected"),
    [
        ({"count": 2}, "", RolloutStep(start=2)),
        ({"count": 2}, "cs cs", RolloutStep()),
        ({"count": 2}, "cs", RolloutStep(start=1)),
        ({"count": 1}, "cs cs", RolloutStep(surplus=("1",))),
        ({"count": 1}, "cs c", RolloutStep(surplus=("1",))),
        ({"count": 1}, "csp c cs", RolloutStep(surplus=("1", "2"))),
        ({"count": 0}, "csp cs", RolloutStep(surplus=("1",))),
        ({"count": 2}, "csx cs", RolloutStep(sick=("0",), start=1)),
        ({"count": 1}, "os", RolloutStep(start=1)),
        ({"count": 1}, "os c", RolloutStep()),
        ({"count": 1}, "os cs", RolloutStep(replaced=("0",))),
        ({"count": 1}, "osp cs", RolloutStep()),
        ({"count": 1, "minimum_percent": 0, "maximum_percent": 100}, "os", RolloutStep(replaced=("0",), start=1)),
        ({"count": 1, "minimum_percent": 0, "maximum_percent": 100}, "osp", RolloutStep()),
        (
            {"count": 4, "minimum_percent": 50, "maximum_percent": 100},
            "os os os os",
            RolloutStep(replaced=("0", "1"), start=2),
        ),
        ({"count": 4, "maximum_percent": 125}, "os os os os", RolloutStep(start=1)),
        ({"count": 1, "may_start": False}, "", RolloutStep()),
    ],
)
def test_next_rollout_step(desired: dict[str, Any], running: str, expected: RolloutStep) -> None:
    assert plan_step(DesiredService(**desired), tasks(running)) == expected


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("m + n", None),
        ("FILL(n, 2) * m", 6.0),
        ("IF(m > 2, 1, 0)", 1.0),
        ("IF(FILL(n, 0) > 0 || m < 1, 1, 7)", 7.0),
        ("m / 0", None),
        ("-m", -3.0),
        ("SUM([m, n, 4])", 7.0),
    ],
)
def test_metric_math(expression: str, value: float | None) -> None:
    assert metric_math.evaluate(expression, {"m": 3.0, "n": None}) == value


@pytest.mark.parametrize("expression", ["RATE(m)", "m +", "unknown", "m ** 2", "ANOMALY_DETECTION_BAND(m)"])
def test_other_metric_math_is_rejected(expression: str) -> None:
    with pytest.raises(metric_math.UnknownMathError):
        metric_math.evaluate(expression, {"m": 3.0})


@pytest.mark.parametrize(
    ("kind", "count", "over", "falling", "expected"),
    [
        ("ExactCapacity", 0, 0.0, False, 1),
        ("ExactCapacity", 0, 10.0, False, 4),
        ("ChangeInCapacity", 2, 3.0, False, 3),
        ("ChangeInCapacity", 2, 10.0, False, 6),
        ("PercentChangeInCapacity", 200, 10.0, False, 208),
        ("PercentChangeInCapacity", 1, 10.0, False, 2),
        ("ChangeInCapacity", 2, 0.0, True, 2),
    ],
)
def test_steps(kind: str, count: int, over: float, falling: bool, expected: int) -> None:
    adjustments = [
        {"MetricIntervalLowerBound": 0.0, "MetricIntervalUpperBound": 10.0, "ScalingAdjustment": 1},
        {"MetricIntervalLowerBound": 10.0, "ScalingAdjustment": 4},
    ]
    steps = {"AdjustmentType": kind, "StepAdjustments": adjustments}
    assert apply_step(steps, count, over, falling=falling) == expected
