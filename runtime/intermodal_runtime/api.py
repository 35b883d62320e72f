"""The Lambda Runtime API as a state machine, without sockets: one class with an owner's and a client's side.

All methods must be called on one event loop.
"""

import asyncio
from enum import Enum

from .errors import NOT_READY_ADVICE, ErrorReport, ErrorType, RuntimeNotReadyError
from .ids import Ids
from .invocation import FunctionContext, Invocation, Result, convert_report
from .pending import Entry, ParkedCall, PendingEvents

MAX_RESPONSE_BYTES = 6 * 1024 * 1024 + 100
"""Largest answer (aws-lambda-runtime-interface-emulator, interop/model.go, MaxPayloadSize)."""

_SHUTTING_DOWN = "The Runtime API server is shutting down"


class ResponseStatus(Enum):
    """What became of an answer."""

    ACCEPTED = "accepted"
    """Taken, or dropped on purpose: refusing would kill clients that are merely late."""
    TOO_LARGE = "too large"
    UNKNOWN_ID = "unknown id"


class RuntimeApi:
    """Hands events to parked `/next` calls and turns every way of ending into one `Result`.

    `ready_timeout_seconds`: how long events may wait while no runtime client works or asks; after that they fail with
    `Runtime.Unavailable` and advice. `ends_clients`: whether a drain answers idle clients with 500, their sign to exit.
    Every client logs that as a failure, and Rust's panics; False where SIGTERM ends the app.
    """

    def __init__(
        self, context: FunctionContext, *, ready_timeout_seconds: float = 60.0, ends_clients: bool = True
    ) -> None:
        self.context, self._ends_clients = context, ends_clients
        self._ready_timeout_seconds = ready_timeout_seconds
        self._pending = PendingEvents(context.max_concurrency, ready_timeout_seconds)
        self._ids = Ids()
        self._ready = False
        self._ready_waiters: set[asyncio.Future[None]] = set()
        self._init_report: ErrorReport | None = None
        self.init_errors = 0
        """Start errors that the app has reported since it last asked for an event."""
        self._draining = False

    @property
    def open_count(self) -> int:
        """Events that a runtime client holds."""
        return len(self._pending.open)

    @property
    def waiting_count(self) -> int:
        """Events that no runtime client has seen yet."""
        return len(self._pending.waiting)

    @property
    def ready(self) -> bool:
        """Whether a runtime client has asked for an event (since the last `fail_open`)."""
        return self._ready

    @property
    def parked_count(self) -> int:
        """`/next` calls that wait for an event."""
        return len(self._pending.parked)

    # The owner's side.

    async def invoke(  # noqa: PLR0913 - one optional keyword per context header, as in Lambda's Invoke
        self,
        payload: bytes,
        *,
        timeout_seconds: float | None = None,
        deadline_ms: int | None = None,
        trace_id: str = "",
        client_context: str = "",
        cognito_identity: str = "",
        tenant_id: str = "",
        request_id: str = "",
    ) -> Result:
        """Run one event and return how it ended; first come, first served.

        `timeout_seconds` counts from the dispatch (default: the context's); `deadline_ms` (epoch milliseconds) is
        never passed, also while waiting. Failures of app and platform are Results; only text that cannot be a
        header raises ValueError. `request_id` must be as fresh as the default is. Cancelling gives the event up: a
        later answer to it is dropped.
        """
        fresh_id, invocation_id, new_trace_id = self._ids.next_ids()
        invocation = Invocation(
            request_id=request_id or fresh_id,
            invocation_id=invocation_id,
            payload=payload,
            trace_id=trace_id or new_trace_id,
            timeout_seconds=self.context.timeout_seconds if timeout_seconds is None else timeout_seconds,
            latest_deadline_ms=deadline_ms,
            client_context=client_context,
            cognito_identity=cognito_identity,
            tenant_id=tenant_id,
        )
        if trace_id or client_context or cognito_identity or tenant_id:
            invocation.refuse_line_breaks()
        entry = Entry(invocation, asyncio.get_running_loop().create_future())
        if self._draining:
            self._pending.fail([entry], ErrorType.UNAVAILABLE, _SHUTTING_DOWN)
        else:
            self._pending.submit(entry)
        try:
            return await entry.result
        except asyncio.CancelledError:
            self._pending.abandon(entry)
            raise

    async def wait_ready(self, timeout_seconds: float | None = None) -> None:
        """Return once a runtime client has asked for an event (since the last `fail_open`).

        RuntimeNotReadyError: it reported an init error, its process ended, or nothing came in
        `timeout_seconds` (default: `ready_timeout_seconds`).
        """
        if self._ready:
            return
        if self._init_report is not None:
            raise RuntimeNotReadyError(self._init_report.error_type, self._init_report.message)
        seconds = self._ready_timeout_seconds if timeout_seconds is None else timeout_seconds
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._ready_waiters.add(future)
        try:
            async with asyncio.timeout(seconds):
                await future
        except TimeoutError:
            message = NOT_READY_ADVICE.format(seconds=seconds)
            raise RuntimeNotReadyError(ErrorType.UNAVAILABLE, message) from None
        finally:
            self._ready_waiters.discard(future)

    def fail_pending(self, error_type: str, message: str) -> int:
        """End every open and waiting event with this error; for the owner, when the app's process is gone.

        `message` is worded without the request id ("Runtime exited with error: exit status 1"). Where the
        client had reported an init error before it went, that is the reason given. Returns how many ended.
        """
        report, self._init_report, self._ready = self._init_report, None, False
        self._wake_waiters(RuntimeNotReadyError(error_type, message))
        entries = [*self._pending.open.values(), *self._pending.waiting.values()]
        return self._pending.fail(entries, error_type, message, report)

    def count_failed_start(self, error_type: str, message: str) -> None:
        """Count one more start of the app that led to no request; for the owner, who sees its process end."""
        self.init_errors += 1
        self._wake_waiters(RuntimeNotReadyError(error_type, message))

    def drain(self) -> None:
        """Hand out nothing more: end idle clients, fail undispatched events, let open ones finish."""
        self._draining = True
        if self._ends_clients:
            self.dismiss()
        self._pending.fail(self._pending.waiting.values(), ErrorType.UNAVAILABLE, _SHUTTING_DOWN)
        self._wake_waiters(RuntimeNotReadyError(ErrorType.UNAVAILABLE, _SHUTTING_DOWN))

    def dismiss(self) -> None:
        """End idle clients with 500, and those that ask from now on."""
        self._draining = self._ends_clients = True
        while self._pending.parked:
            self._pending.parked.popleft().end()

    async def shutdown(self, grace_seconds: float) -> None:
        """Drain, give open events `grace_seconds` to finish, fail the rest with `Sandbox.Failure`."""
        self.drain()
        if self._pending.open:
            await asyncio.wait([entry.result for entry in self._pending.open.values()], timeout=grace_seconds)
        self.fail_pending(ErrorType.SANDBOX_FAILURE, _SHUTTING_DOWN)

    # The runtime client's side.

    def next(self, call: ParkedCall) -> None:
        """A client asks for an event: answer now, or park it for as long as it takes."""
        self._pending.fail_lost()
        if self._draining and self._ends_clients:
            call.end()
            return
        self._init_report, self._ready, self.init_errors = None, True, 0
        self._wake_waiters(None)
        self._pending.park(call)

    def forget(self, call: ParkedCall) -> None:
        """A client's connection is gone. What it had taken stays open: some clients reconnect to answer."""
        if call in self._pending.parked:
            self._pending.parked.remove(call)

    def respond(
        self, request_id: str, invocation_id: str, payload: bytes, size: int, content_type: str = ""
    ) -> ResponseStatus:
        """The handler returned `payload`, cut at the limit if the `size` in bytes of what was sent is above it."""
        entry = self._pending.open.get(request_id)
        if entry is None or _is_mismatched(entry, invocation_id):
            return self._drop_or_reject(request_id, entry)
        if size > MAX_RESPONSE_BYTES:
            text = f"Response payload size ({size} bytes) exceeded maximum allowed payload size"
            message = f"{text} ({MAX_RESPONSE_BYTES} bytes)."
            self._pending.fail([entry], ErrorType.RESPONSE_TOO_LARGE, message)
            return ResponseStatus.TOO_LARGE
        kind = content_type or "application/json"
        result = Result(request_id, payload, duration_ms=entry.elapsed_ms(), content_type=kind)
        self._pending.close(entry, result)
        return ResponseStatus.ACCEPTED

    def report_error(self, request_id: str, invocation_id: str, report: ErrorReport) -> ResponseStatus:
        """The handler failed, or its streamed answer ended in an error trailer."""
        entry = self._pending.open.get(request_id)
        if entry is None or _is_mismatched(entry, invocation_id):
            return self._drop_or_reject(request_id, entry)
        result = convert_report(request_id, report, dispatched=True, duration_ms=entry.elapsed_ms())
        self._pending.close(entry, result)
        return ResponseStatus.ACCEPTED

    def init_error(self, report: ErrorReport) -> None:
        """The client could not load the handler and will exit: fail what waits for it, in its own words.

        With several workers in one app an open event belongs to another, healthy worker, so it stays.
        """
        self._init_report, self._ready = report, bool(self._pending.parked)
        self.init_errors += 1
        entries = list(self._pending.waiting.values())
        if self._pending.capacity == 1:
            entries += self._pending.open.values()
        self._pending.fail(entries, report.error_type, report.message, report)
        self._wake_waiters(RuntimeNotReadyError(report.error_type, report.message))

    def _drop_or_reject(self, request_id: str, entry: Entry | None) -> ResponseStatus:
        """An answer that closes nothing: cross-wired and late ones are dropped, others refused.

        Any reply but 202 to a late answer would end the Python and Go clients.
        """
        return (
            ResponseStatus.ACCEPTED if entry or self._pending.was_abandoned(request_id) else ResponseStatus.UNKNOWN_ID
        )

    def _wake_waiters(self, error: RuntimeNotReadyError | None) -> None:
        for future in self._ready_waiters:
            if future.done():
                continue
            if error is None:
                future.set_result(None)
            else:
                future.set_exception(error)


def _is_mismatched(entry: Entry, invocation_id: str) -> bool:
    """Whether a client echoed the invocation id of another dispatch (awslambdaric 4.2.2 echoes it, others not)."""
    return bool(invocation_id) and invocation_id != entry.invocation.invocation_id
