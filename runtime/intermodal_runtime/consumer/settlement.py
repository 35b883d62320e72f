"""Settle messages by deleting them or returning them to the queue."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from .leases import Leases
from .log import ConsumerLog
from .messages import Message
from .queue import Queue, QueueGoneError, QueueUnavailableError
from .settings import RECEIVE_MAXIMUM, ConsumerSettings, cap_visibility, release_after, retry_after

T = TypeVar("T")

DELETE_PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Delays between delete retries. A processed message that is not deleted runs again."""

NOT_DELETED = "processed but not deleted: the lease was lost first"

RETURNED = "returned to the queue unprocessed: the consumer is stopping"

REDRIVE_POLICY_SECONDS = 60.0
"""Time for which the redrive policy is cached."""

RETURN_PAUSES = (0.5, 2.0)
"""Delays between return retries; fewer, because a message that is not returned reappears when its lease ends."""


class Settlement:
    """Settlement of messages in batches of ten, which checks every entry in a response.

    A lease is renewed until its message is deleted. The lease of a returned message is not renewed.
    """

    def __init__(
        self,
        queue: Queue,
        leases: Leases,
        settings: ConsumerSettings,
        log: ConsumerLog,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._queue, self._leases, self._settings, self._log = queue, leases, settings, log
        self._clock = clock
        self._receives, self._read_again = 0, 0.0

    async def delete(self, messages: Sequence[Message]) -> None:
        """Delete messages that are still leased."""
        for tens in _split_in_tens(messages):
            lost = [message for message in tens if self._leases.is_lost(message)]
            if lost:
                self._log.write("WARNING", NOT_DELETED, *lost)
            left = await self._delete([message for message in tens if message not in lost])
            if left:
                self._log.write("ERROR", "processed but not deleted: it will run again", *left)
            self._leases.forget(tens)

    async def retry(self, messages: Sequence[Message]) -> None:
        """Return failed messages with an increasing delay; on a FIFO queue, use the longest for all to keep the order.

        A message that has used its last receive is not delayed, because the next receive moves it to the dead-letter
        queue.
        """
        most = await self._maximum_receives()

        def pause(receive_count: int, settings: ConsumerSettings) -> int:
            return 0 if most and receive_count >= most else retry_after(receive_count, settings)

        await self._return(messages, pause)

    async def _maximum_receives(self) -> int:
        """Return maxReceiveCount, cached for a minute, or 0 if it is unknown."""
        if self._clock() >= self._read_again:
            try:
                self._receives = await self._queue.maximum_receives()
            except (QueueUnavailableError, QueueGoneError):  # then every message waits
                self._receives = 0
            self._read_again = self._clock() + REDRIVE_POLICY_SECONDS
        return self._receives

    async def release(self, messages: Sequence[Message]) -> None:
        """Return messages that no handler has processed to the queue, without delay after their first receive.

        This is logged, because each message used a receive that no report explains.
        """
        if messages:
            self._log.write("INFO", RETURNED, *messages)
        await self._return(messages, release_after)

    async def _delete(self, messages: list[Message]) -> list[Message]:
        final = list[Message]()
        for pause in (*DELETE_PAUSES, None):
            try:
                rejected = await self._queue.delete(messages) if messages else []
            except QueueUnavailableError as error:
                self._log.write("WARNING", f"not deleted yet: {error}", *messages)
            except QueueGoneError:
                return []
            else:
                if lost := [one.message for one in rejected if one.lease_lost]:
                    self._log.write("WARNING", NOT_DELETED, *lost)
                final += [one.message for one in rejected if one.final and not one.lease_lost]
                messages = [one.message for one in rejected if not one.final and not one.lease_lost]
                if not messages:
                    return final
            if pause is not None:
                await asyncio.sleep(pause)
        return final + messages

    async def _return(self, messages: Sequence[Message], after: Callable[[int, ConsumerSettings], int]) -> None:
        pauses = {message: after(message.receive_count, self._settings) for message in messages}
        if self._settings.fifo:
            pauses = dict.fromkeys(pauses, max(pauses.values(), default=0))
        lost = [message for message in messages if self._leases.is_lost(message)]
        await self._leases.stop_renewing(messages)
        now = self._clock()
        wanted = [
            (message, cap_visibility(now - message.received, pause))
            for message, pause in pauses.items()
            if message not in lost
        ]
        for tens in _split_in_tens(wanted):
            await self._change_visibility(tens)

    async def _change_visibility(self, wanted: list[tuple[Message, int]]) -> None:
        for pause in (*RETURN_PAUSES, None):
            try:
                rejected = await self._queue.change_visibility(wanted)
            except QueueUnavailableError as error:
                self._log.write(
                    "WARNING", f"not returned to the queue yet: {error}", *(message for message, _ in wanted)
                )
            except QueueGoneError:
                return
            else:
                again = {one.message for one in rejected if not one.lease_lost and not one.final}
                wanted = [(message, seconds) for message, seconds in wanted if message in again]
                if not wanted:
                    return
            if pause is not None:
                await asyncio.sleep(pause)


def _split_in_tens(items: Sequence[T]) -> list[list[T]]:
    return [list(items[start : start + RECEIVE_MAXIMUM]) for start in range(0, len(items), RECEIVE_MAXIMUM)]
