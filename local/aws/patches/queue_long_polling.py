"""Return a message to a waiting ReceiveMessage call at once.

AWS: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html

ministack polls ten times a second. A long poll would be 50 ms slower than ministack's event source mappings, which each
sent message wakes.
"""

import asyncio
import threading
import time
from typing import Any

from local.aws.expected import Expected
from local.aws.receives import RECEIVES

MODULE = "ministack.services.sqs"

TICK_SECONDS = 0.1
"""Interval of polls for messages that become visible by time, after a delay or a visibility timeout."""

EXPECTED: Expected = {
    (MODULE, "_act_receive_message"): ("data", "qurl"),
}


class Wakes:
    """Replacement for the event that wakes the mappings; it also wakes waiting receives."""

    def __init__(self, mappings: threading.Event) -> None:
        self._mappings = mappings
        self._parked: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}

    def set(self) -> None:
        """Wake all waiters after a message was sent; called from any thread."""
        self._mappings.set()
        for event, loop in list(self._parked.items()):
            loop.call_soon_threadsafe(event.set)

    def park(self) -> asyncio.Event:
        """Return an event that the next message sets."""
        event = asyncio.Event()
        self._parked[event] = asyncio.get_running_loop()
        return event

    def leave(self, event: asyncio.Event) -> None:
        """Remove the event of a finished receive."""
        del self._parked[event]


def apply(sqs: Any, tick_seconds: float = TICK_SECONDS) -> None:
    """Patch the module."""
    receive, wakes = sqs._act_receive_message, Wakes(sqs.esm_wake)

    async def receive_message(data: dict[str, Any], qurl: str) -> Any:
        event = wakes.park()
        try:
            return await _poll(data, qurl, event)
        finally:
            wakes.leave(event)

    async def _poll(data: dict[str, Any], qurl: str, event: asyncio.Event) -> Any:
        deadline = time.monotonic() + _wait_seconds(sqs, data, qurl)
        while True:
            event.clear()
            answer = await receive({**data, "WaitTimeSeconds": 0}, qurl)
            left = deadline - time.monotonic()
            if answer or left <= 0:
                RECEIVES.note(_arn(sqs, data, qurl), len(answer.get("Messages", ())))
                return answer
            try:
                async with asyncio.timeout(min(tick_seconds, left)):
                    await event.wait()
            except TimeoutError:
                continue

    sqs.esm_wake = wakes
    sqs._act_receive_message = receive_message
    sqs._HANDLERS["ReceiveMessage"] = receive_message


def _arn(sqs: Any, data: dict[str, Any], qurl: str) -> str:
    queue = sqs._get_q(data.get("QueueUrl", qurl), "sqs:ReceiveMessage")
    return str(queue["attributes"]["QueueArn"])


def _wait_seconds(sqs: Any, data: dict[str, Any], qurl: str) -> int:
    """Return the wait time of the request, else of the queue."""
    requested = data.get("WaitTimeSeconds")
    if requested is not None:
        return int(requested)
    queue = sqs._get_q(data.get("QueueUrl", qurl), "sqs:ReceiveMessage")
    return int(queue["attributes"].get("ReceiveMessageWaitTimeSeconds", "0"))
