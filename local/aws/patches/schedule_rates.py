"""Start a rate-based schedule without a start date right after its creation.

AWS: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html

ministack waits for one period first, and checks for due schedules only every ten seconds.
"""

from typing import Any

from local.aws.expected import Expected

MODULE = "ministack.services.scheduler"

SWEEP_SECONDS = 2
"""Interval of checks for due schedules; EventBridge Scheduler promises a precision of one minute."""

EXPECTED: Expected = {
    (MODULE, "_tick_schedules"): (),
    (MODULE, "_ticker_loop"): (),
}


def apply(scheduler: Any) -> None:
    """Patch the module."""
    sweep, last_runs = scheduler._tick_schedules, scheduler._schedule_last_fired

    def sweep_with_new() -> None:
        for key, schedule in list(scheduler._schedules._data.items()):
            if schedule.get("ScheduleExpression", "").startswith("rate(") and schedule.get("StartDate") is None:
                last_runs.setdefault(key, 0.0)  # due now: its last run counts as long ago
        sweep()

    scheduler._SCHEDULE_TICK_INTERVAL = SWEEP_SECONDS
    scheduler._tick_schedules = sweep_with_new
