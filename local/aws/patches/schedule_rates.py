"""Run a rate-based schedule that has no start date immediately after it is created.

AWS: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html

ministack first waits for one period, and it checks for due schedules only every ten seconds.
"""

from typing import Any

from local.aws.expected import Expected

MODULE = "ministack.services.scheduler"

SWEEP_SECONDS = 2
"""Interval between checks for due schedules; EventBridge Scheduler's documented precision is one minute."""

EXPECTED: Expected = {
    (MODULE, "_tick_schedules"): (),
    (MODULE, "_ticker_loop"): (),
}


def apply(scheduler: Any) -> None:
    """Patch ministack's scheduler module."""
    sweep, last_runs = scheduler._tick_schedules, scheduler._schedule_last_fired

    def sweep_with_new() -> None:
        for key, schedule in list(scheduler._schedules._data.items()):
            if schedule.get("ScheduleExpression", "").startswith("rate(") and schedule.get("StartDate") is None:
                last_runs.setdefault(key, 0.0)  # makes it due now
        sweep()

    scheduler._SCHEDULE_TICK_INTERVAL = SWEEP_SECONDS
    scheduler._tick_schedules = sweep_with_new
