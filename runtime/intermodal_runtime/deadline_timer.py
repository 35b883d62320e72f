"""Use one timer for many deadlines, because a timer per event would cost more than dispatching the event."""

import asyncio
import math
import time
from collections.abc import Callable

NEVER = math.inf


class DeadlineTimer:
    """Timer that fires at the earliest deadline or before.

    `fire_due` receives the monotonic time, handles all due deadlines and returns the next deadline, or `NEVER`.
    Deadlines need not be cancelled, because `fire_due` does nothing if none is due.
    """

    def __init__(self, fire_due: Callable[[float], float]) -> None:
        self._fire_due = fire_due
        self._set_for = NEVER
        self._timer: asyncio.TimerHandle | None = None

    def schedule(self, deadline: float) -> None:
        """Fire at this monotonic time, unless the timer is already scheduled to fire earlier."""
        if deadline >= self._set_for:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._set_for = deadline
        seconds = max(0.0, deadline - time.monotonic())
        self._timer = asyncio.get_running_loop().call_later(seconds, self._fire)

    def _fire(self) -> None:
        self._set_for, self._timer = NEVER, None
        self.schedule(self._fire_due(time.monotonic()))
