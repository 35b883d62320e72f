"""Provide a Runtime API without sockets, and every action that can happen to it."""

import asyncio

from intermodal_runtime import FunctionContext, Invocation, Result, RuntimeApi
from intermodal_runtime.api import MAX_RESPONSE_BYTES
from intermodal_runtime.errors import ErrorReport, ErrorType

REPORT = ErrorReport(b'{"errorType":"E","errorMessage":"m"}', "", ErrorType.FUNCTION_UNKNOWN)


class FakeCall:
    """An in-memory `/next` call, delivered at most once."""

    def __init__(self) -> None:
        self.connected = True
        self.event: Invocation | None = None
        self.ended = False

    def is_alive(self) -> bool:
        return self.connected

    def deliver(self, invocation: Invocation, deadline_ms: int) -> None:
        assert self.connected
        assert self.event is None
        assert not self.ended
        assert deadline_ms > 0
        self.event = invocation

    def end(self) -> None:
        assert self.event is None
        self.ended = True


class World:
    """An API, its clients' calls, and every submitted event."""

    def __init__(self, concurrency: int) -> None:
        self.api = RuntimeApi(FunctionContext(max_concurrency=concurrency), ready_timeout_seconds=60)
        self.calls: list[FakeCall] = []
        self.tasks: list[asyncio.Task[Result]] = []

    def step(self, action: str, pick: int) -> None:  # noqa: C901, PLR0912 - a flat list of what can happen
        """Execute one action."""
        taken = [call.event for call in self.calls if call.event]
        one = taken[pick % len(taken)] if taken else None
        ids = (one.request_id, one.invocation_id) if one else ("unknown", "")
        if action == "invoke":
            self.tasks.append(asyncio.get_running_loop().create_task(self.api.invoke(b"%d" % pick)))
        elif action == "expired":
            self.tasks.append(asyncio.get_running_loop().create_task(self.api.invoke(b"", deadline_ms=1)))
        elif action == "timeout":
            self.tasks.append(asyncio.get_running_loop().create_task(self.api.invoke(b"", timeout_seconds=0)))
        elif action == "next":
            self.calls.append(FakeCall())
            self.api.next(self.calls[-1])
        elif action == "hang up" and self.calls:
            call = self.calls[pick % len(self.calls)]
            call.connected = False
            if pick % 2:  # otherwise the server has not noticed the disconnect yet
                self.api.forget(call)
        elif action == "respond":
            self.api.respond(*ids, b"ok", 2)
        elif action == "too large":
            self.api.respond(*ids, b"", MAX_RESPONSE_BYTES + 1)
        elif action == "crossed":
            self.api.respond(ids[0], "another", b"crossed", 7)
        elif action == "error":
            self.api.report_error(*ids, REPORT)
        elif action == "init error":
            self.api.init_error(REPORT)
        elif action == "fail":
            self.api.fail_pending("Runtime.ExitError", "gone")
        elif action == "cancel" and self.tasks:
            self.tasks[pick % len(self.tasks)].cancel()
        elif action == "drain":
            self.api.drain()


ACTIONS = [
    *["invoke"] * 4,
    *["next"] * 4,
    *["respond"] * 3,
    *("expired", "timeout", "hang up", "too large", "crossed", "error", "init error", "fail", "cancel", "drain"),
    "tick",
]
