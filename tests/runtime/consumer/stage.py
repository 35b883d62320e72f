"""A consumer in this process: the real Runtime API and a raw client on one side, a queue that can be made to fail on
the other."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from intermodal_runtime.consumer.consumer import Consumer, Verdict
from intermodal_runtime.consumer.journal import Journal
from intermodal_runtime.consumer.messages import Message
from intermodal_runtime.consumer.queue import Rejected
from intermodal_runtime.consumer.settings import ConsumerSettings
from tests.runtime.harness import NEXT, Client, Reply, Stage, stage, until

ARN = "arn:aws:sqs:eu-central-1:123456789012:scan-main"


def raw(number: int, body: str = "", **attributes: str) -> dict[str, Any]:
    """A message as ReceiveMessage gives it."""
    sent = str(round(time.time() * 1000))
    return {
        "MessageId": f"m{number}",
        "ReceiptHandle": f"r{number}",
        "Body": body or f"body {number}",
        "MD5OfBody": "0" * 32,
        "Attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": sent, **attributes},
    }


class ScriptedQueue:
    """Gives what it was given, remembers what it was asked, and fails when told to."""

    def __init__(self, *batches: Sequence[dict[str, Any]] | Exception) -> None:
        self.batches = list(batches)
        self.deleted: list[str] = []
        self.receipts_deleted: list[str] = []
        self.changed: list[tuple[str, int]] = []
        self.asked: list[tuple[int, int, int, str]] = []
        self.delete_answers: list[Exception | str] = []
        self.change_answers: list[Exception | str] = []
        self.receives: int | Exception = 0
        """Of its redrive policy."""
        self.wait = asyncio.Event()
        """Parks an empty receive until set, as a long poll does."""

    async def receive(
        self, maximum: int, wait_seconds: int, visibility_seconds: int, attempt_id: str = ""
    ) -> list[Message]:
        """The next batch."""
        self.asked.append((maximum, wait_seconds, visibility_seconds, attempt_id))
        if not self.batches:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(wait_seconds, 0.2) if wait_seconds < 20 else None):
                    await self.wait.wait()
        batch = self.batches.pop(0) if self.batches else []
        if isinstance(batch, Exception):
            raise batch
        return [Message(one, ARN) for one in batch]

    async def delete(self, messages: Sequence[Message]) -> list[Rejected]:
        """As told, else all."""
        if answer := self._answer(self.delete_answers):
            return [_rejected(message, answer) for message in messages]
        self.deleted += [message.id for message in messages]
        self.receipts_deleted += [message.receipt for message in messages]
        return []

    async def change_visibility(self, messages: Sequence[tuple[Message, int]]) -> list[Rejected]:
        """As told, else all."""
        self.changed += [(message.id, seconds) for message, seconds in messages]
        answer = self._answer(self.change_answers)
        return [_rejected(message, answer) for message, _ in messages] if answer else []

    async def maximum_receives(self) -> int:
        """As told."""
        if isinstance(self.receives, Exception):
            raise self.receives
        return self.receives

    @staticmethod
    def _answer(script: list[Exception | str]) -> str:
        answer = script.pop(0) if script else ""
        if isinstance(answer, Exception):
            raise answer
        return answer


def _rejected(message: Message, answer: str) -> Rejected:
    """`CODE`, or `CODE: text` of what is the sender's fault."""
    code, _, text = answer.partition(": ")
    return Rejected(message, code, final=bool(text), text=text)


class Work:
    """A running consumer and what it said."""

    def __init__(self, place: Stage, queue: ScriptedQueue, consumer: Consumer, lines: list[dict[str, Any]]) -> None:
        self.place, self.queue, self.consumer, self.lines = place, queue, consumer, lines
        self.ended: asyncio.Task[Verdict] = asyncio.create_task(consumer.run())

    async def client(self) -> Client:
        """A connection of the app."""
        return await self.place.client()

    async def take(self, client: Client) -> Reply:
        """The app's next event."""
        return await client.ask(NEXT)

    async def until(self, condition: Callable[[], bool], seconds: float = 5.0) -> None:
        """Wait for it."""
        await until(condition, seconds)

    def notes(self) -> list[str]:
        """Texts of what was worth knowing."""
        return [line["message"] for line in self.lines if "message" in line]

    def reports(self) -> list[dict[str, Any]]:
        """Reports of the runs."""
        return [line for line in self.lines if line.get("type") == "platform.report"]


@contextlib.asynccontextmanager
async def work(
    queue: ScriptedQueue,
    protection: Any = None,
    *,
    meter: Any = None,
    exits: Any = None,
    context: dict[str, Any] | None = None,
    **settings: Any,
) -> AsyncIterator[Work]:
    """Run a consumer; it is stopped at the end and must then end by itself."""
    async with stage(**(context or {})) as place:
        lines: list[dict[str, Any]] = []
        journal = Journal("scan", "main", "ecs", 128, lambda line: lines.append(json.loads(line)))
        values = {"grace_seconds": 1.0, "grace_margin_seconds": 0.5, "hang_seconds": 0.3}
        values |= {"start_seconds": 2.0, "return_seconds": 2.0}
        chosen = ConsumerSettings(**{**values, **settings})
        running = Work(place, queue, Consumer(place.api, queue, chosen, journal, protection, meter, exits=exits), lines)
        try:
            yield running
        finally:
            running.consumer.stop()
            queue.wait.set()
            await asyncio.wait_for(running.ended, 10)
