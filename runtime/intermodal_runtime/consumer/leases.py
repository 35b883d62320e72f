"""Keep received messages invisible until they are settled."""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence

from .log import ConsumerLog
from .messages import Message
from .queue import Queue, QueueGoneError, QueueUnavailableError
from .settings import MAXIMUM_HELD_SECONDS, RECEIVE_MAXIMUM, ConsumerSettings, cap_visibility

RETRY_SECONDS = 2.0


class Leases:
    """Leases on messages, renewed after a third of their duration, independently of the runs.

    A lost lease is remembered: another consumer may have the message, so it must not be deleted.
    """

    def __init__(
        self,
        queue: Queue,
        settings: ConsumerSettings,
        log: ConsumerLog,
        *,
        retry_seconds: float = RETRY_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._queue, self._settings, self._log = queue, settings, log
        self._retry_seconds = retry_seconds
        self._clock = clock
        self._due: dict[Message, float] = {}
        self._by_id: dict[str, Message] = {}
        self._lost: set[Message] = set()
        self._refused: dict[Message, str] = {}
        """Logged reason for the last failed renewal, by message."""
        self._any = asyncio.Event()
        self._renewing = asyncio.Lock()

    def __len__(self) -> int:
        """Return the number of leased messages."""
        return len(self._by_id)

    def hold(self, messages: Iterable[Message]) -> list[Message]:
        """Start renewing leases, and return the messages that were not leased yet.

        A leased message can be received again only after its lease has expired. Its run continues with the latest
        receipt handle.
        """
        new = []
        for message in messages:
            held = self._by_id.get(message.id)
            if held is not None:
                self._log.write("WARNING", "a message in progress was received again: its lease had expired", held)
                held.receipt, held.received = message.receipt, message.received
                held.receive_count = message.receive_count
                self._lost.discard(held)
                message = held  # noqa: PLW2901 - continues under the new receipt
            else:
                self._by_id[message.id] = message
                new.append(message)
            self._due[message] = message.received + self._settings.heartbeat_seconds
        if self._due:
            self._any.set()
        return new

    def is_lost(self, message: Message) -> bool:
        """Return whether SQS reported that the message's receipt handle has become invalid."""
        return message in self._lost

    def holdable_seconds(self, messages: Sequence[Message]) -> int:
        """Return the number of seconds for which all messages can still be leased."""
        held = self._clock() - min(message.received for message in messages)
        return cap_visibility(held, MAXIMUM_HELD_SECONDS)

    def forget(self, messages: Iterable[Message]) -> None:
        """Stop tracking settled messages."""
        for message in messages:
            self._due.pop(message, None)
            self._by_id.pop(message.id, None)
            self._lost.discard(message)
            self._refused.pop(message, None)

    async def stop_renewing(self, messages: Iterable[Message]) -> None:
        """Stop tracking messages, after a renewal in progress, which could otherwise override a visibility change."""
        async with self._renewing:
            self.forget(messages)

    async def keep(self) -> None:
        """Renew leases until cancelled."""
        while True:
            if not self._due:
                self._any.clear()
                await self._any.wait()
                continue  # the messages may have been settled before this task woke up
            pause = min(self._due.values()) - self._clock()
            if pause > 0:
                await asyncio.sleep(pause)
                continue  # the due messages may have been settled meanwhile
            now = self._clock()
            due = [message for message, when in self._due.items() if when <= now]
            for start in range(0, len(due), RECEIVE_MAXIMUM):
                async with self._renewing:
                    await self._renew([one for one in due[start : start + RECEIVE_MAXIMUM] if one in self._due])

    async def _renew(self, messages: Sequence[Message]) -> None:
        now, again = self._clock(), {}
        wanted = [
            (message, cap_visibility(now - message.received, self._settings.lease_seconds)) for message in messages
        ]
        over = [message for message, seconds in wanted if not seconds]
        for message in over:  # its deadline is earlier (see Consumer), so its response is imminent
            self._due.pop(message, None)
        wanted = [(message, seconds) for message, seconds in wanted if seconds]
        if not wanted:
            return
        try:
            rejected = await self._queue.change_visibility(wanted)
        except (QueueUnavailableError, QueueGoneError) as error:
            self._log_refusal(f"cannot renew leases: {error}", messages)
            again = {message: self._retry_seconds for message, _ in wanted}
            rejected = []
        else:
            again = {message: self._settings.heartbeat_seconds for message, _ in wanted}
            for message in again.keys() - {one.message for one in rejected}:
                self._refused.pop(message, None)
        for one in rejected:
            again[one.message] = self._retry_seconds
            if one.lease_lost:
                del again[one.message]
                self._due.pop(one.message, None)
                self._lost.add(one.message)
                self._log.write("WARNING", f"lease lost ({one.code}): the message may run twice", one.message)
            else:
                self._log_refusal(f"lease not renewed: {one.code} {one.text}", [one.message])
        for message, seconds in again.items():
            if message in self._due:  # unless settled during the call
                self._due[message] = min(now + seconds, now + self._settings.heartbeat_seconds)

    def _log_refusal(self, why: str, messages: Sequence[Message]) -> None:
        """Log a failed renewal once per reason, because it is retried every two seconds."""
        news = [message for message in messages if self._refused.get(message) != why]
        self._refused |= {message: why for message in news if message in self._due}  # unless settled meanwhile
        if news:
            self._log.write("WARNING", why, *news)
