"""Counts that a scaling policy sets: step adjustments within the target's capacity."""

from collections.abc import Mapping
from typing import Any


def apply_step(steps: Mapping[str, Any], count: int, over: float, *, falling: bool) -> int:
    """The count after the step that a breach of `over` falls into.

    Above the threshold the lower bound is in the step, below it the upper one (guide, step scaling adjustments).
    """
    for step in steps["StepAdjustments"]:
        lower, upper = step.get("MetricIntervalLowerBound"), step.get("MetricIntervalUpperBound")
        above = lower is None or (over > lower if falling else over >= lower)
        below = upper is None or (over <= upper if falling else over < upper)
        if above and below:
            change = step["ScalingAdjustment"]
            if steps["AdjustmentType"] == "ExactCapacity":
                return int(change)
            if steps["AdjustmentType"] == "PercentChangeInCapacity":
                moved = max(abs(count * change) // 100, steps.get("MinAdjustmentMagnitude") or 1)
                return int(count + (moved if change > 0 else -moved))
            return int(count + change)
    return count


def clamp_capacity(target: Mapping[str, Any], count: int, wanted: int) -> int:
    """The count that an activity sets.

    Scaling out leaves one that is above the most as it is, only scaling in brings it down (ECS developer guide, service
    auto scaling considerations).
    """
    fewest, most = int(target["MinCapacity"]), int(target["MaxCapacity"])
    return max(count, min(most, wanted)) if wanted > count else max(fewest, min(most, wanted))
