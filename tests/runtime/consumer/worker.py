"""Run a consumer in this process, between the real Runtime API and a scripted queue."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from intermodal_runtime.consumer.consumer import NOT_NEEDED_SECONDS, Consumer, ExitStatus
from intermodal_runtime.consumer.log import ConsumerLog
from intermodal_runtime.consumer.messages import Message
from intermodal_runtime.consumer.queue import Rejected
from intermodal_runtime.consumer.settings import ConsumerSettings
from tests.runtime.clock import advance_to, now
from tests.runtime.harness import NEXT, Client, Harness, Reply, serving, until

ARN = "arn:aws:sqs:eu-central-1:123456789012:scan-main"


def make_message(number: int, body: str = "", **attributes: str) -> dict[str, Any]:
    """Return a message as ReceiveMessage does."""
    sent = str(round(time.time() * 1000))
    return {
        "MessageId": f"m{number}",
        "ReceiptHandle": f"r{number}",
        "Body": body or f"body {number}",
        "MD5OfBody": "0" * 32,
        "Attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": sent, **attributes},
    }


class ScriptedQueue:
    """A queue that responds from a script and records every call."""

    def __init__(self, *batches: Sequence[dict[str, Any]] | Exception) -> None:
        self.batches = list(batches)
        self.deleted: list[str] = []
        self.receipts_deleted: list[str] = []
        self.changed: list[tuple[str, int]] = []
        self.asked: list[tuple[int, int, int, str]] = []
        self.delete_answers: list[Exception | str] = []
        self.change_answers: list[Exception | str] = []
        self.receives: int | Exception = 0
        """The maximum receive count from the redrive policy."""
        self.wait = asyncio.Event()
        """Set to end an empty receive, as a message ends a long poll."""

    async def receive(
        self, maximum: int, wait_seconds: int, visibility_seconds: int, attempt_id: str = ""
    ) -> list[Message]:
        """Return the next batch."""
        self.asked.append((maximum, wait_seconds, visibility_seconds, attempt_id))
        if not self.batches:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(wait_seconds, 0.2) if wait_seconds < 20 else None):
                    await self.wait.wait()
        batch = self.batches.pop(0) if self.batches else []
        if isinstance(batch, Exception):
            raise batch
        return [Message(one, ARN, received=now()) for one in batch]

    async def delete(self, messages: Sequence[Message]) -> list[Rejected]:
        """Respond from the script; without one, delete all."""
        if answer := self._answer(self.delete_answers):
            return [_parse_rejection(message, answer) for message in messages]
        self.deleted += [message.id for message in messages]
        self.receipts_deleted += [message.receipt for message in messages]
        return []

    async def change_visibility(self, messages: Sequence[tuple[Message, int]]) -> list[Rejected]:
        """Respond from the script; without one, change all."""
        self.changed += [(message.id, seconds) for message, seconds in messages]
        answer = self._answer(self.change_answers)
        return [_parse_rejection(message, answer) for message, _ in messages] if answer else []

    async def maximum_receives(self) -> int:
        """Return `receives`, or raise it."""
        if isinstance(self.receives, Exception):
            raise self.receives
        return self.receives

    @staticmethod
    def _answer(script: list[Exception | str]) -> str:
        answer = script.pop(0) if script else ""
        if isinstance(answer, Exception):
            raise answer
        return answer


def _parse_rejection(message: Message, answer: str) -> Rejected:
    """Parse `CODE`, or `CODE: MESSAGE` for an error that is the sender's fault."""
    code, _, text = answer.partition(": ")
    return Rejected(message, code, final=bool(text), text=text)


class Worker:
    """A running consumer and its log lines."""

    def __init__(self, harness: Harness, queue: ScriptedQueue, consumer: Consumer, lines: list[dict[str, Any]]) -> None:
        self.harness, self.queue, self.consumer, self.lines = harness, queue, consumer, lines
        self.ended: asyncio.Task[ExitStatus] = asyncio.create_task(consumer.run())

    async def client(self) -> Client:
        """Open a connection as the app does."""
        return await self.harness.client()

    async def take(self, client: Client) -> Reply:
        """Return the app's next event."""
        return await client.ask(NEXT)

    async def until(self, condition: Callable[[], bool], seconds: float = 5.0) -> None:
        """Return once the condition is met; fail if it never is."""
        await until(condition, seconds)

    def notes(self) -> list[str]:
        """Return the messages in the log."""
        return [line["message"] for line in self.lines if "message" in line]

    def reports(self) -> list[dict[str, Any]]:
        """Return the runs' reports."""
        return [line for line in self.lines if line.get("type") == "platform.report"]


@contextlib.asynccontextmanager
async def consuming(
    queue: ScriptedQueue,
    protection: Any = None,
    *,
    meter: Any = None,
    exits: Any = None,
    context: dict[str, Any] | None = None,
    not_needed_seconds: float = NOT_NEEDED_SECONDS,
    **settings: Any,
) -> AsyncIterator[Worker]:
    """Run a consumer; stop it at the end and wait until it returns."""
    async with serving(**(context or {})) as harness:
        lines: list[dict[str, Any]] = []
        log = ConsumerLog("scan", "main", "ecs", 128, lambda line: lines.append(json.loads(line)))
        values = {"grace_seconds": 1.0, "grace_margin_seconds": 0.5, "hang_seconds": 0.3}
        values |= {"start_seconds": 2.0, "return_seconds": 2.0}
        chosen = ConsumerSettings(**{**values, **settings})
        consumer = Consumer(
            harness.api,
            queue,
            chosen,
            log,
            protection,
            meter,
            exits=exits,
            not_needed_seconds=not_needed_seconds,
            clock=now,
        )
        running = Worker(harness, queue, consumer, lines)
        try:
            yield running
        finally:
            running.consumer.stop()
            queue.wait.set()
            await advance_to(running.ended, 10)
