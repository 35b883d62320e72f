"""Implement the Lambda Runtime API as a state machine without sockets, for its owner and for runtime clients.

Call all methods on the same event loop.
"""

import asyncio
from enum import Enum

from .errors import NOT_READY_ADVICE, ErrorReport, ErrorType, RuntimeNotReadyError
from .ids import Ids
from .invocation import FunctionContext, Invocation, Result, convert_report
from .pending import Entry, ParkedCall, PendingEvents

MAX_RESPONSE_BYTES = 6 * 1024 * 1024 + 100
"""Maximum response size in bytes (aws-lambda-runtime-interface-emulator, interop/model.go, MaxPayloadSize)."""

_SHUTTING_DOWN = "The Runtime API server is shutting down"


class ResponseStatus(Enum):
    """Status of a posted response."""

    ACCEPTED = "accepted"
    """Accepted, or late and discarded; an error for a late response would make clients exit."""
    TOO_LARGE = "too large"
    UNKNOWN_ID = "unknown id"


class RuntimeApi:
    """Runtime API that passes events to waiting `/next` calls and returns one `Result` for every outcome.

    After `ready_timeout_seconds` without a runtime client, waiting events fail with `Runtime.Unavailable`. With
    `ends_clients`, a drain responds to idle clients with 500, which makes them exit. All clients log that as a failure,
    and the Rust client panics; pass False if SIGTERM stops the app.
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
        """Number of init errors since the app last requested an event."""
        self._draining = False

    @property
    def open_count(self) -> int:
        """Number of events that runtime clients are processing."""
        return len(self._pending.open)

    @property
    def waiting_count(self) -> int:
        """Number of events that are not dispatched yet."""
        return len(self._pending.waiting)

    @property
    def ready(self) -> bool:
        """Whether a runtime client has requested an event since the last `fail_pending`."""
        return self._ready

    @property
    def parked_count(self) -> int:
        """Number of waiting `/next` calls."""
        return len(self._pending.parked)

    # Methods for the owner.

    async def invoke(  # noqa: PLR0913 - one optional keyword per context header, as in Lambda's Invoke API
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
        """Run one event and return its result; events are dispatched in the order of the calls.

        `timeout_seconds` counts from the dispatch (default: the context's timeout). `deadline_ms`, in epoch
        milliseconds, also limits the time before the dispatch. `request_id` must be unique. Cancellation abandons the
        event, and a later response to it is discarded. Failures are returned as Results.

        Raises:
            ValueError: A context value is not valid in an HTTP header.
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
        """Wait until a runtime client has requested an event since the last `fail_pending`.

        Raises:
            RuntimeNotReadyError: The client reported an init error, its process exited, or the timeout expired.
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
        """Fail all open and waiting events after the app's process has exited; return how many failed.

        `message`, such as "Runtime exited with error: exit status 1", has no request ID. A reported init error takes
        precedence over it.
        """
        report, self._init_report, self._ready = self._init_report, None, False
        self._wake_waiters(RuntimeNotReadyError(error_type, message))
        entries = [*self._pending.open.values(), *self._pending.waiting.values()]
        return self._pending.fail(entries, error_type, message, report)

    def count_failed_start(self, error_type: str, message: str) -> None:
        """Count a failed start of the app, which the owner of its process has detected."""
        self.init_errors += 1
        self._wake_waiters(RuntimeNotReadyError(error_type, message))

    def drain(self) -> None:
        """Stop dispatching: make idle clients exit, fail waiting events, and allow open events to finish."""
        self._draining = True
        if self._ends_clients:
            self.dismiss()
        self._pending.fail(self._pending.waiting.values(), ErrorType.UNAVAILABLE, _SHUTTING_DOWN)
        self._wake_waiters(RuntimeNotReadyError(ErrorType.UNAVAILABLE, _SHUTTING_DOWN))

    def dismiss(self) -> None:
        """Respond to idle clients and to later requests with 500, which makes the clients exit."""
        self._draining = self._ends_clients = True
        while self._pending.parked:
            self._pending.parked.popleft().end()

    async def shutdown(self, grace_seconds: float) -> None:
        """Drain, wait up to `grace_seconds` for open events, then fail the remaining events with `Sandbox.Failure`."""
        self.drain()
        if self._pending.open:
            await asyncio.wait([entry.result for entry in self._pending.open.values()], timeout=grace_seconds)
        self.fail_pending(ErrorType.SANDBOX_FAILURE, _SHUTTING_DOWN)

    # Methods for runtime clients.

    def next(self, call: ParkedCall) -> None:
        """Pass the next event to a client, or keep its call waiting."""
        self._pending.fail_lost()
        if self._draining and self._ends_clients:
            call.end()
            return
        self._init_report, self._ready, self.init_errors = None, True, 0
        self._wake_waiters(None)
        self._pending.park(call)

    def forget(self, call: ParkedCall) -> None:
        """Remove a closed connection's call; its event stays open, because some clients reconnect to respond."""
        if call in self._pending.parked:
            self._pending.parked.remove(call)

    def respond(
        self, request_id: str, invocation_id: str, payload: bytes, size: int, content_type: str = ""
    ) -> ResponseStatus:
        """Accept the handler's response; `size` is its full size in bytes, even if `payload` was truncated."""
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
        """Accept the handler's error, or a streamed response that ended with an error trailer."""
        entry = self._pending.open.get(request_id)
        if entry is None or _is_mismatched(entry, invocation_id):
            return self._drop_or_reject(request_id, entry)
        result = convert_report(request_id, report, dispatched=True, duration_ms=entry.elapsed_ms())
        self._pending.close(entry, result)
        return ResponseStatus.ACCEPTED

    def init_error(self, report: ErrorReport) -> None:
        """Fail waiting events with the error of a client that could not load the handler and will exit.

        If the app has several workers, open events belong to other, healthy workers and stay open.
        """
        self._init_report, self._ready = report, bool(self._pending.parked)
        self.init_errors += 1
        entries = list(self._pending.waiting.values())
        if self._pending.capacity == 1:
            entries += self._pending.open.values()
        self._pending.fail(entries, report.error_type, report.message, report)
        self._wake_waiters(RuntimeNotReadyError(report.error_type, report.message))

    def _drop_or_reject(self, request_id: str, entry: Entry | None) -> ResponseStatus:
        """Discard a mismatched or late response, and reject any other response.

        Any status except 202 for a late response would make the Python and Go clients exit.
        """
        known = entry is not None or self._pending.was_abandoned(request_id)
        return ResponseStatus.ACCEPTED if known else ResponseStatus.UNKNOWN_ID

    def _wake_waiters(self, error: RuntimeNotReadyError | None) -> None:
        for future in self._ready_waiters:
            if future.done():
                continue
            if error is None:
                future.set_result(None)
            else:
                future.set_exception(error)


def _is_mismatched(entry: Entry, invocation_id: str) -> bool:
    """Return whether a client sent a different dispatch's invocation ID (only awslambdaric 4.2.2 sends one)."""
    return bool(invocation_id) and invocation_id != entry.invocation.invocation_id
