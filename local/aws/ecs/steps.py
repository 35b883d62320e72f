"""Compute desired counts from a step scaling policy and the target's capacity."""

from collections.abc import Mapping
from typing import Any


def apply_step(steps: Mapping[str, Any], count: int, over: float, *, falling: bool) -> int:
    """Return the count after the step adjustment for a metric value that differs from the threshold by `over`.

    Above the threshold, a step's lower bound is inclusive; below it, the upper bound is (Application Auto Scaling user
    guide, step adjustments).
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


def clamp_capacity(target: Mapping[str, Any], count: int, desired: int) -> int:
    """Return the desired count within the target's capacity.

    Scale-out keeps a count that is above the maximum; only scale-in lowers it (ECS developer guide, service auto
    scaling considerations).
    """
    fewest, most = int(target["MinCapacity"]), int(target["MaxCapacity"])
    return max(count, min(most, desired)) if desired > count else max(fewest, min(most, desired))
