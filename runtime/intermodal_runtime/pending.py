"""Track events that are waiting for a client, open at a client, or abandoned.

This module does not await, so that dispatching an event and recording it is one step on the event loop.
"""

import asyncio
import time
from collections import deque
from collections.abc import Iterable
from itertools import chain
from typing import Protocol

from .deadline_timer import NEVER, DeadlineTimer
from .errors import NOT_READY_ADVICE, ErrorReport, ErrorType
from .invocation import Invocation, Result, convert_report, make_failure

_ABANDONED_IDS_KEPT = 1024  # late responses to abandoned requests receive 202 and are discarded
_LOST = "Runtime exited: its client requested another event while this event was in progress"


class ParkedCall(Protocol):
    """A `/next` call that is waiting for a reply."""

    def is_alive(self) -> bool:
        """Return whether the client is still connected."""

    def deliver(self, invocation: Invocation, deadline_ms: int) -> None:
        """Respond with an event in one write."""

    def end(self) -> None:
        """Respond with 500, which makes the client exit."""


class Entry:
    """An event and its progress."""

    __slots__ = ("call", "expires", "invocation", "result", "started")

    def __init__(self, invocation: Invocation, result: "asyncio.Future[Result]") -> None:
        self.invocation = invocation
        self.result = result
        self.started = 0.0
        self.expires = NEVER  # monotonic time
        self.call: ParkedCall | None = None  # None until the dispatch

    def elapsed_ms(self) -> float:
        """Return the milliseconds since the dispatch, or 0 before the dispatch."""
        return (time.monotonic() - self.started) * 1000 if self.call else 0.0


class PendingEvents:
    """Waiting events and clients, which are matched in the order of their arrival."""

    def __init__(self, capacity: int, ready_timeout_seconds: float) -> None:
        self.parked: deque[ParkedCall] = deque()
        self.waiting: dict[str, Entry] = {}  # by request ID, in the order of arrival
        self.open: dict[str, Entry] = {}  # by request ID, in the order of dispatch
        self.capacity = capacity
        self._abandoned: dict[str, None] = {}  # in insertion order, for eviction
        self._ready_timeout_seconds = ready_timeout_seconds
        self._stall = NEVER  # monotonic time at which waiting events fail without a client
        self._timer = DeadlineTimer(self._expire_due)

    def submit(self, entry: Entry) -> None:
        """Pass the event to the connected client that has waited longest, or keep it waiting."""
        latest_ms = entry.invocation.latest_deadline_ms
        if latest_ms is not None and latest_ms <= _now_ms():
            self._expire(entry)
            return
        while self.parked:
            call = self.parked.popleft()
            if call.is_alive():
                self._dispatch(entry, call)
                return
        self.waiting[entry.invocation.request_id] = entry
        if latest_ms is not None:  # the caller's deadline also limits the waiting time
            self._set_expiry(entry, time.monotonic() + (latest_ms - _now_ms()) / 1000)
        self._watch_stall()

    def park(self, call: ParkedCall) -> None:
        """Pass the event that has waited longest to the call, or keep the call waiting."""
        self._stall = NEVER
        if self.waiting:
            if call.is_alive():
                self._dispatch(self.waiting.pop(next(iter(self.waiting))), call)
            else:
                self._watch_stall()
            return
        self.parked.append(call)

    def fail_lost(self) -> None:
        """Fail the events of exited workers before another client's call is added.

        More calls than workers mean that workers have exited. With one worker, this is exact. With several workers, an
        event with a closed connection fails first, then the oldest event. If that is the wrong event, its late response
        is discarded and the event is redelivered, but never lost. If more calls than the configured number of workers
        are waiting and no event is open, the app has more workers.
        """
        if self.parked:
            self.parked = deque(call for call in self.parked if call.is_alive())
        excess = len(self.open) + len(self.parked) + 1 - self.capacity
        if excess <= 0:
            return
        if not self.open:
            self.capacity += excess
            return
        by_suspicion = sorted(self.open.values(), key=lambda entry: bool(entry.call and entry.call.is_alive()))
        self.fail(by_suspicion[:excess], ErrorType.EXIT_ERROR, _LOST)

    def fail(self, entries: Iterable[Entry], error_type: str, message: str, report: ErrorReport | None = None) -> int:
        """Fail these events, with the client's report if there is one; return how many had a waiting caller."""
        count = 0
        for entry in list(entries):
            request_id, dispatched = entry.invocation.request_id, entry.call is not None
            elapsed = entry.elapsed_ms()
            if report is not None:
                result = convert_report(request_id, report, dispatched=dispatched, duration_ms=elapsed)
            else:
                result = make_failure(request_id, error_type, message, dispatched=dispatched, duration_ms=elapsed)
                result = result._replace(client_gone=entry.call is not None and not entry.call.is_alive())
            self.abandon(entry)
            count += _set_result(entry, result)
        return count

    def close(self, entry: Entry, result: Result) -> None:
        """End an open event with its client's response; later responses are rejected."""
        self._remove(entry)
        _set_result(entry, result)

    def abandon(self, entry: Entry) -> None:
        """Stop tracking the event; a later response from its client is discarded."""
        if self._remove(entry) and entry.call is not None:
            self._abandoned[entry.invocation.request_id] = None
            if len(self._abandoned) > _ABANDONED_IDS_KEPT:
                del self._abandoned[next(iter(self._abandoned))]

    def was_abandoned(self, request_id: str) -> bool:
        """Return whether the event, one of the last 1,024 abandoned events, ended without its client's response."""
        return request_id in self._abandoned

    def _dispatch(self, entry: Entry, call: ParkedCall) -> None:
        now_ms = _now_ms()
        deadline_ms = entry.invocation.deadline_ms(now_ms)
        entry.call, entry.started = call, time.monotonic()
        self.open[entry.invocation.request_id] = entry
        call.deliver(entry.invocation, deadline_ms)
        self._set_expiry(entry, entry.started + (deadline_ms - now_ms) / 1000)

    def _expire(self, entry: Entry) -> None:
        seconds = entry.expires - entry.started
        text = f"Task timed out after {seconds:.2f} seconds" if entry.call else "Deadline passed before dispatch"
        self.fail([entry], ErrorType.TIMED_OUT, text)

    def _set_expiry(self, entry: Entry, expires: float) -> None:
        entry.expires = expires
        self._timer.schedule(expires)

    def _expire_due(self, now: float) -> float:
        """Fail expired events and return the earliest remaining deadline."""
        for entry in [one for one in self._list_tracked() if one.expires <= now]:
            self._expire(entry)
        if self._stall <= now:
            self._fail_stalled()
        return min(self._stall, *(entry.expires for entry in self._list_tracked()), NEVER)

    def _list_tracked(self) -> Iterable[Entry]:
        return chain(self.open.values(), self.waiting.values())

    def _remove(self, entry: Entry) -> bool:
        home = self.waiting if entry.call is None else self.open
        known = home.pop(entry.invocation.request_id, None) is not None
        if self.waiting:
            self._watch_stall()
        else:
            self._stall = NEVER
        return known

    def _watch_stall(self) -> None:
        """Limit the time for which events wait without a client."""
        if self._stall == NEVER and not self.open:
            self._stall = time.monotonic() + self._ready_timeout_seconds
            self._timer.schedule(self._stall)

    def _fail_stalled(self) -> None:
        self._stall = NEVER
        message = NOT_READY_ADVICE.format(seconds=self._ready_timeout_seconds)
        self.fail(self.waiting.values(), ErrorType.UNAVAILABLE, message)


def _set_result(entry: Entry, result: Result) -> bool:
    if entry.result.done():  # the caller was cancelled
        return False
    entry.result.set_result(result)
    return True


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
