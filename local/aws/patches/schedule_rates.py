"""Start a rate-based schedule without a start date as soon as it is created.

AWS: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html

ministack waits for one period first, and looks for schedules that are due every ten seconds only.
"""

from typing import Any

from local.aws.expected import Expected

MODULE = "ministack.services.scheduler"

SWEEP_SECONDS = 2
"""Between two sweeps; Scheduler promises to be punctual to the minute."""

EXPECTED: Expected = {
    (MODULE, "_tick_schedules"): (),
    (MODULE, "_ticker_loop"): (),
}


def apply(scheduler: Any) -> None:
    """Patch the module."""
    sweep, last_runs = scheduler._tick_schedules, scheduler._schedule_last_fired

    def sweep_new_ones_too() -> None:
        for key, schedule in list(scheduler._schedules._data.items()):
            if schedule.get("ScheduleExpression", "").startswith("rate(") and schedule.get("StartDate") is None:
                last_runs.setdefault(key, 0.0)  # its last run was a period ago or longer
        sweep()

    scheduler._SCHEDULE_TICK_INTERVAL = SWEEP_SECONDS
    scheduler._tick_schedules = sweep_new_ones_too
