"""Poll a log group and return each event once, including events that arrive late."""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_logs.type_defs import FilteredLogEventTypeDef as Event

LATE_MILLISECONDS = 60_000
"""Time within which late events are still returned. Events may arrive late because log streams are independent."""


def now_ms() -> int:
    """Return the current time in milliseconds since the epoch, the unit that CloudWatch Logs uses."""
    return int(time.time() * 1000)


class Tail:
    """Log group poller; each poll rereads the last minute and skips events that were already returned."""

    def __init__(self, logs: "CloudWatchLogsClient", group: str, since: int, clock: Callable[[], int] = now_ms) -> None:
        """Create a poller for events in `group` since `since`, in milliseconds since the epoch."""
        self._pages = logs.get_paginator("filter_log_events")
        self._group, self._since, self._start, self._clock = group, since, since, clock
        self._seen: dict[str, int] = {}

    def fetch_new(self) -> "Sequence[Event]":
        """Return the events that no previous call has returned, oldest first."""
        asked = self._clock()
        pages = self._pages.paginate(logGroupName=self._group, startTime=self._start)
        found = {event["eventId"]: event for page in pages for event in page["events"]}
        fresh = [event for key, event in found.items() if key not in self._seen]
        self._seen |= {event["eventId"]: event["timestamp"] for event in fresh}
        self._forget(asked)
        return sorted(fresh, key=lambda event: event["timestamp"])

    def _forget(self, asked: int) -> None:
        """Advance the start of the next poll, and ignore timestamps in the future, which would hide later events."""
        newest = min(asked, max(self._seen.values(), default=self._start))
        self._start = max(self._since, self._start, newest - LATE_MILLISECONDS)
        self._seen = {key: when for key, when in self._seen.items() if when >= self._start}
