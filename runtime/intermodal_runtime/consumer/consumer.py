"""Receive, run and settle batches until the consumer is stopped or cannot continue."""

import asyncio
import time
import uuid
from collections import deque
from collections.abc import Awaitable, Callable
from enum import IntEnum

from intermodal_runtime.api import RuntimeApi
from intermodal_runtime.errors import ErrorType, RuntimeNotReadyError
from intermodal_runtime.invocation import Result

from .batch import Receiver
from .exits import ExitExplainer
from .failures import judge_batch
from .leases import Leases
from .log import ConsumerLog
from .messages import Message, build_event, split
from .protection import NoProtection, Protection
from .queue import Queue, QueueGoneError, QueueUnavailableError
from .settings import ConsumerSettings
from .settlement import Settlement
from .usage import Meter, Usage

TICK_SECONDS = 0.05
NOT_NEEDED_SECONDS = 5.0
"""Pause between checks of whether ECS still needs an idle task."""

FOREVER = float("inf")
INIT_ERRORS = 3
"""Number of consecutive init errors after which the consumer stops."""


class ExitStatus(IntEnum):
    """The adapter's exit status."""

    DONE = 0
    """Stopped, or the queue was empty and `empty_polls` was reached."""
    APP_FAILED = 1
    """The app did not start or restart, or it hangs."""
    QUEUE_GONE = 3


class Consumer:
    """Consumer of a queue with up to `FunctionContext.max_concurrency` concurrent events, or one on a FIFO queue."""

    def __init__(  # noqa: PLR0913 - one argument per collaborator
        self,
        api: RuntimeApi,
        queue: Queue,
        settings: ConsumerSettings,
        log: ConsumerLog,
        protection: Protection | None = None,
        meter: Meter | None = None,
        *,
        exits: ExitExplainer | None = None,
        not_needed_seconds: float = NOT_NEEDED_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._api, self._settings, self._log = api, settings, log
        self._protection, self._meter = protection or NoProtection(), meter
        self._exits = exits or ExitExplainer(api.context.memory_mib)
        self._not_needed_seconds = not_needed_seconds
        self._clock = clock
        self._leases = Leases(queue, settings, log, clock=clock)
        self._receiver = Receiver(queue, settings, self._leases, clock=clock)
        self._settlement = Settlement(queue, self._leases, settings, log, clock=clock)
        self._stopping = asyncio.Event()
        self._exit_status = ExitStatus.DONE
        self._shutdown: asyncio.Task[None] | None = None
        self._ends = FOREVER

    async def run(self) -> ExitStatus:
        """Consume until stopped, then return after all received messages are deleted or returned to the queue."""
        keeping = asyncio.create_task(self._leases.keep())
        workers = 1 if self._settings.fifo else self._api.context.max_concurrency
        self._ends = self._clock() + (self._settings.run_seconds or FOREVER)
        try:
            await asyncio.gather(*(self._work() for _ in range(workers)))
        finally:
            keeping.cancel()
            if self._shutdown is not None:
                self._shutdown.cancel()
            await self._protection.close()
        return self._exit_status

    def stop(self) -> None:
        """Stop receiving and let runs finish within the grace period; idempotent.

        A receive in progress is not cancelled: SQS may already have returned messages, which would stay in flight
        without a consumer.
        """
        if not self._stopping.is_set():
            self._stopping.set()
            grace = max(0.0, self._settings.grace_seconds - self._settings.grace_margin_seconds)
            self._shutdown = asyncio.create_task(self._api.shutdown(grace))

    async def _work(self) -> None:
        pause = 0.5
        empty = 0
        if await self._wait_ready(self._settings.start_seconds):
            self._log.write("INFO", "the app is ready; receiving")
            if self._meter is not None:
                await self._measure(self._meter.begin())
        while not self._stopping.is_set() and await self._wait_ready(self._settings.return_seconds):
            if self._clock() >= self._ends:
                return
            if not await self._may_receive():
                continue
            try:
                messages = await self._receiver.batch(self._stopping)
            except QueueUnavailableError as error:
                self._log.write("ERROR", f"cannot receive: {error}; retrying in {pause:g} s")
                await self._sleep(pause)
                pause = min(2 * pause, self._settings.pause_seconds)
                continue
            except QueueGoneError as error:
                self._end(
                    ExitStatus.QUEUE_GONE,
                    f"the queue does not exist: {error}; deploy again, or delete this consumer",
                )
                return
            pause, empty = 0.5, 0 if messages else empty + 1
            if messages:
                await self._handle(messages)
            elif self._settings.empty_polls and empty >= self._settings.empty_polls:
                self._stopping.set()

    async def _may_receive(self) -> bool:
        """Return whether the task may receive messages; if ECS does not need it, return False after a pause."""
        if await self._protection.may_receive():
            return not self._stopping.is_set()  # the consumer may have stopped during the call
        await self._sleep(self._not_needed_seconds)
        return False

    async def _handle(self, messages: list[Message]) -> None:
        parts = deque(split(messages))
        wanted = await self._protection.begin()
        try:
            while wanted and parts and not self._stopping.is_set():
                result, clean = await self._run(parts.popleft())
                if not result.ok and not await self._recover(result):
                    break
                if self._settings.fifo and not clean:
                    break  # later messages must not overtake a failed one
                if (
                    self._clock() >= self._ends
                    or self._leases.holdable_seconds(messages) < self._api.context.timeout_seconds
                ):
                    break  # pod deadline and visibility cap allow for one run only
        finally:
            await self._settlement.release([message for part in parts for message in part])
            self._protection.end()

    async def _run(self, messages: list[Message]) -> tuple[Result, bool]:
        """Run one event and settle its messages; return the result and whether all messages succeeded."""
        request_id = str(uuid.uuid4())
        self._log.start(request_id, messages)
        self._exits.begin()
        result = await self._api.invoke(
            build_event(messages),
            request_id=request_id,
            trace_id=messages[0].trace_id,
            deadline_ms=time.time_ns() // 1_000_000 + self._leases.holdable_seconds(messages) * 1000,
        )
        result = self._exits.explain(result)
        if not result.dispatched:
            await self._settlement.release(messages)
            return result, False
        batch_result = judge_batch(result, messages, report_failures=self._settings.report_failures)
        self._log.warn_once(batch_result.warning)
        reasons = {message.id: batch_result.reason for message in batch_result.failed}
        held = len(self._leases)
        if batch_result.done:  # first, because messages of a process killed in between run again
            await self._settlement.delete(batch_result.done)
        usage = await self._measure_usage(result)
        self._log.report(result, messages, reasons, held, usage)
        if batch_result.failed:
            await self._settlement.retry(batch_result.failed)
        return result, not batch_result.failed

    async def _measure_usage(self, result: Result) -> Usage | None:
        """Return a run's usage; for a run that ran out of memory, the peak is the memory limit."""
        out_of_memory = result.error_type == ErrorType.OUT_OF_MEMORY
        if self._meter is None:
            usage = None
        elif out_of_memory or result.error_type == ErrorType.EXIT_ERROR:
            usage = await self._measure(self._meter.measure_ended_run())
        else:
            usage = await self._measure(self._meter.measure_run(result.duration_ms / 1000))
        return Usage(cpu_ms=None, peak_mib=self._api.context.memory_mib) if out_of_memory else usage

    async def _measure(self, reading: Awaitable[Usage | None]) -> Usage | None:
        """Return the reading, or None after an error, because measurement errors must not stop the consumer."""
        try:
            return await reading
        except Exception as error:  # noqa: BLE001 - see above
            self._log.write("WARNING", f"cannot measure usage: {type(error).__name__}: {error}")
            return None

    async def _recover(self, result: Result) -> bool:
        """Return whether the app requests events again after a failure, within the time for that kind of failure."""
        if result.timed_out:
            return await self._wait_for_next()
        if result.error_type == ErrorType.UNAVAILABLE and not self._stopping.is_set():
            self._end(ExitStatus.APP_FAILED, result.error_message)
            return False
        if result.error_type in (ErrorType.EXIT_ERROR, ErrorType.OUT_OF_MEMORY, ErrorType.INIT_ERROR):
            return await self._wait_ready(self._settings.return_seconds)
        return True

    async def _wait_for_next(self) -> bool:
        deadline = self._clock() + self._settings.hang_seconds
        while self._clock() < deadline and not self._stopping.is_set():
            if self._api.parked_count:
                return True
            await asyncio.sleep(TICK_SECONDS)
        reason = f"the app is still busy {self._settings.hang_seconds:g} s after its timeout; it must be replaced"
        self._end(ExitStatus.APP_FAILED, reason)
        return False

    async def _wait_ready(self, seconds: float) -> bool:
        """Wait until the app is ready; stop the consumer after several init errors or `seconds`."""
        deadline = self._clock() + seconds
        while not self._stopping.is_set():
            try:
                await self._api.wait_ready(max(TICK_SECONDS, deadline - self._clock()))
            except RuntimeNotReadyError as error:
                if self._stopping.is_set():
                    return False
                if self._api.init_errors >= INIT_ERRORS or self._clock() >= deadline - TICK_SECONDS:
                    self._end(ExitStatus.APP_FAILED, f"the app does not start: {error}")
                    return False
                await self._sleep(TICK_SECONDS)
            else:
                return True
        return False

    def _end(self, exit_status: ExitStatus, reason: str) -> None:
        self._log.write("ERROR", reason)
        self._exit_status = exit_status
        self.stop()

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return
