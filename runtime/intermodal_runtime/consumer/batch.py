"""Assemble the messages for one event from one or more receives."""

import asyncio
import time
import uuid
from collections.abc import Callable

from .leases import Leases
from .messages import Message, size_of
from .queue import Queue, QueueUnavailableError
from .settings import LONGEST_POLL_SECONDS, MAXIMUM_EVENT_BYTES, RECEIVE_MAXIMUM, ConsumerSettings


class Receiver:
    """Receiver that assembles batches; messages are leased on receipt, even while the batch is incomplete."""

    def __init__(
        self,
        queue: Queue,
        settings: ConsumerSettings,
        leases: Leases,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._queue, self._settings, self._leases = queue, settings, leases
        self._clock = clock
        self._attempt_id = ""

    async def batch(self, stopping: asyncio.Event) -> list[Message]:
        """Return the next batch, in order, or an empty list if a long poll returned no messages.

        An error after the first receive ends the batch, so that no leased message is lost.
        """
        settings = self._settings
        batch = await self._receive(settings.batch_size, settings.poll_seconds)
        ends = self._clock() + settings.window_seconds
        total = sum(map(size_of, batch))
        while batch and len(batch) < settings.batch_size and total < MAXIMUM_EVENT_BYTES and not stopping.is_set():
            left = ends - self._clock()
            if left <= 0:
                break
            wait = min(LONGEST_POLL_SECONDS, int(left))
            try:
                more = await self._receive(settings.batch_size - len(batch), wait)
            except QueueUnavailableError:
                break
            if not more and wait == 0:  # the remaining time is shorter than the minimum wait
                await asyncio.sleep(min(left, 0.2))
            batch += more
            total += sum(map(size_of, more))
        return batch

    async def _receive(self, maximum: int, wait_seconds: int) -> list[Message]:
        """Receive messages; on a FIFO queue, retry a failed receive with its attempt ID to get the same messages.

        Source: SQS API reference, ReceiveMessage, ReceiveRequestAttemptId.
        """
        if self._settings.fifo and not self._attempt_id:
            self._attempt_id = str(uuid.uuid4())
        messages = await self._queue.receive(
            min(maximum, RECEIVE_MAXIMUM), wait_seconds, self._settings.lease_seconds, self._attempt_id
        )
        self._attempt_id = ""
        return self._leases.hold(messages)
