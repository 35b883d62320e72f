"""Return a new message to a waiting ReceiveMessage call immediately.

AWS: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html

ministack polls ten times a second. Without this patch, long polling would be 50 ms slower on average than ministack's
event source mappings, which every sent message wakes.
"""

import asyncio
import threading
import time
from typing import Any

from local.aws.expected import Expected
from local.aws.receives import RECEIVES

MODULE = "ministack.services.sqs"

TICK_SECONDS = 0.1
"""Interval between checks for messages whose delay or visibility timeout has ended."""

EXPECTED: Expected = {
    (MODULE, "_act_receive_message"): ("data", "qurl"),
}


class Wakes:
    """Replacement for the event that wakes event source mappings; it also wakes waiting ReceiveMessage calls."""

    def __init__(self, mappings: threading.Event) -> None:
        self._mappings = mappings
        self._parked: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}

    def set(self) -> None:
        """Wake all waiting calls after a message was sent; this method is thread-safe."""
        self._mappings.set()
        for event, loop in list(self._parked.items()):
            loop.call_soon_threadsafe(event.set)

    def park(self) -> asyncio.Event:
        """Return an event that is set when the next message is sent."""
        event = asyncio.Event()
        self._parked[event] = asyncio.get_running_loop()
        return event

    def leave(self, event: asyncio.Event) -> None:
        """Remove the event of a finished ReceiveMessage call."""
        del self._parked[event]


def apply(sqs: Any, tick_seconds: float = TICK_SECONDS) -> None:
    """Patch ministack's sqs module."""
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
    """Return the request's wait time in seconds, or the queue's if the request has none."""
    requested = data.get("WaitTimeSeconds")
    if requested is not None:
        return int(requested)
    queue = sqs._get_q(data.get("QueueUrl", qurl), "sqs:ReceiveMessage")
    return int(queue["attributes"].get("ReceiveMessageWaitTimeSeconds", "0"))
