"""What scaling does: a simulation of a step policy on a queue, without CloudWatch's minutes.

It looks at the queue every two seconds where AWS looks at a metric every minute, so it shows that a service starts from
no task and goes back to none, and how many tasks its steps ask for; it shows nothing of AWS's timing. Tracking policies
are kept and not acted on.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from local.aws.autoscaling.store import Store

logger = logging.getLogger(__name__)
LOOK_SECONDS = 2.0
COOLDOWN_SECONDS = 10.0
IDLE_SECONDS = 30.0

Counts = Callable[[str], tuple[int, int] | None]
"""Visible and in-flight messages of a queue with this name."""
Desired = Callable[[str], int | None]
SetDesired = Callable[[str, int], None]
"""Of a service, by the target's resource id."""
AlarmOf = Callable[[str], dict[str, Any] | None]
"""The alarm with this policy's ARN among its actions."""


class Loop:
    """A thread that looks at every target."""

    def __init__(
        self, store: Store, counts: Counts, desired: Desired, set_desired: SetDesired, alarm_of: AlarmOf
    ) -> None:
        self._store, self._counts, self._alarm_of = store, counts, alarm_of
        self._desired, self._set_desired = desired, set_desired
        self._changed: dict[str, float] = {}
        self._busy: dict[str, float] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def close(self) -> None:
        """Look no more."""
        self._ended.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            for target in self._store.all("targets"):
                try:
                    self.look(target, time.monotonic())
                except Exception:
                    logger.warning("scaling of %s failed", target["ResourceId"], exc_info=True)

    def look(self, target: dict[str, Any], now: float) -> None:
        """Set the desired count that the policies of one target ask for."""
        service = target["ResourceId"]
        desired = self._desired(service)
        if desired is None:
            return
        policies = [one for one in self._store.all("policies") if one["ResourceId"] == service]
        wanted = min(max(desired, target["MinCapacity"]), target["MaxCapacity"])
        if now - self._changed.get(service, -COOLDOWN_SECONDS) >= COOLDOWN_SECONDS:
            for policy in policies:
                wanted = self._applied(policy, wanted, now)
            wanted = min(max(wanted, target["MinCapacity"]), target["MaxCapacity"])
        if wanted != desired:
            self._changed[service] = now
            self._set_desired(service, wanted)

    def _applied(self, policy: dict[str, Any], current: int, now: float) -> int:
        steps = policy.get("StepScalingPolicyConfiguration")
        alarm = self._alarm_of(policy["PolicyARN"]) if steps else None
        queue = _queue_of(alarm) if alarm else None
        counts = self._counts(queue) if queue else None
        if steps is None or alarm is None or counts is None:
            return current
        visible, in_flight = counts
        if steps["AdjustmentType"] == "ChangeInCapacity":
            return current + _adjustment(steps["StepAdjustments"], visible - alarm["Threshold"]) if visible else current
        if visible or in_flight:
            self._busy[policy["PolicyARN"]] = now
        idle = now - self._busy.setdefault(policy["PolicyARN"], now) >= IDLE_SECONDS
        return int(steps["StepAdjustments"][0]["ScalingAdjustment"]) if idle else current


def _adjustment(steps: list[dict[str, Any]], above: float) -> int:
    """The step that the distance from the threshold falls into."""
    for step in steps:
        lower, upper = step.get("MetricIntervalLowerBound"), step.get("MetricIntervalUpperBound")
        if (lower is None or above >= lower) and (upper is None or above < upper):
            return int(step["ScalingAdjustment"])
    return 0


def _queue_of(alarm: dict[str, Any]) -> str | None:
    """Name of the queue that an alarm looks at, on its own metric or in its expression."""
    lists = [alarm.get("Dimensions") or []]
    lists += [
        query.get("MetricStat", {}).get("Metric", {}).get("Dimensions", []) for query in alarm.get("Metrics") or []
    ]
    return next((one["Value"] for found in lists for one in found if one["Name"] == "QueueName"), None)
