"""Keeps what is held invisible to others, from its receive to its end."""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence

from .log import ConsumerLog
from .messages import Message
from .queue import Queue, QueueGoneError, QueueUnavailableError
from .settings import MAXIMUM_HELD_SECONDS, RECEIVE_MAXIMUM, ConsumerSettings, cap_visibility

RETRY_SECONDS = 2.0


class Leases:
    """Renews visibility every third of the lease, whatever else the consumer does.

    A lease that is lost stays on record: its message is somebody else's, so it is not deleted blindly.
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
        """Why each was not renewed the last time, as it was said."""
        self._any = asyncio.Event()
        self._renewing = asyncio.Lock()

    def __len__(self) -> int:
        """How many messages are held."""
        return len(self._by_id)

    def hold(self, messages: Iterable[Message]) -> list[Message]:
        """Begin to renew; the messages that are not held already.

        One that we hold came again, so its lease had run out: the work in hand goes on under the newest receipt.
        """
        new = []
        for message in messages:
            held = self._by_id.get(message.id)
            if held is not None:
                self._log.write("WARNING", "a message that is at work here came again: its lease had run out", held)
                held.receipt, held.received = message.receipt, message.received
                held.receive_count = message.receive_count
                self._lost.discard(held)
                message = held  # noqa: PLW2901 - the one that goes on
            else:
                self._by_id[message.id] = message
                new.append(message)
            self._due[message] = message.received + self._settings.heartbeat_seconds
        if self._due:
            self._any.set()
        return new

    def is_lost(self, message: Message) -> bool:
        """Whether SQS said that this receive holds the message no more."""
        return message in self._lost

    def holdable_seconds(self, messages: Sequence[Message]) -> int:
        """Return for how long all of these may still be held."""
        held = self._clock() - min(message.received for message in messages)
        return cap_visibility(held, MAXIMUM_HELD_SECONDS)

    def forget(self, messages: Iterable[Message]) -> None:
        """Their end: nothing is renewed."""
        for message in messages:
            self._due.pop(message, None)
            self._by_id.pop(message.id, None)
            self._lost.discard(message)
            self._refused.pop(message, None)

    async def stop_renewing(self, messages: Iterable[Message]) -> None:
        """As `forget`, once no renewal is on its way that would undo another visibility."""
        async with self._renewing:
            self.forget(messages)

    async def keep(self) -> None:
        """Renew until cancelled."""
        while True:
            if not self._due:
                self._any.clear()
                await self._any.wait()
                continue  # what came may have been let go before this woke
            pause = min(self._due.values()) - self._clock()
            if pause > 0:
                await asyncio.sleep(pause)
                continue  # what was due may have ended meanwhile
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
        for message in over:  # its deadline lies before this (see Consumer), so its answer is due any moment
            self._due.pop(message, None)
        wanted = [(message, seconds) for message, seconds in wanted if seconds]
        if not wanted:
            return
        try:
            rejected = await self._queue.change_visibility(wanted)
        except (QueueUnavailableError, QueueGoneError) as error:
            self._log_refusal(f"leases could not be renewed: {error}", messages)
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
                self._log.write("WARNING", f"lease lost ({one.code}): it may run twice", one.message)
            else:
                self._log_refusal(f"a lease was not renewed: {one.code} {one.text}", [one.message])
        for message, seconds in again.items():
            if message in self._due:  # unless it ended while SQS was asked
                self._due[message] = min(now + seconds, now + self._settings.heartbeat_seconds)

    def _log_refusal(self, why: str, messages: Sequence[Message]) -> None:
        """Say it once: it is tried again every two seconds, for as long as a role lacks a permission."""
        news = [message for message in messages if self._refused.get(message) != why]
        self._refused |= {message: why for message in news if message in self._due}  # unless it ended meanwhile
        if news:
            self._log.write("WARNING", why, *news)
