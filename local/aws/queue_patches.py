"""Where ministack's long polls are late, and its dead letters too; see `local.aws.patches`.

SQS answers a parked ReceiveMessage as soon as a message is there (SQS developer guide, "Amazon SQS short and long
polling"). ministack looks ten times a second, so that whatever waits by a long poll is 50 ms behind its own mappings,
which a sent message wakes.

A message is received `maxReceiveCount` times and then a dead letter (SQS developer guide, "Using dead-letter queues").
ministack looks at the clock twice, for what is dead and for what is visible; a message that comes back between the two
is received once more, which happens on a busy machine.

SQS returns a redrive policy as JSON without spaces (AWS CLI reference, sqs get-queue-attributes, example); ministack
returns the text that it was sent, which a provider that compares texts takes for a change.
"""

import asyncio
import json
import threading
import time
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from local.aws.receives import RECEIVES

SQS = "ministack.services.sqs"

EXPECTED: dict[tuple[str, str], Sequence[str]] = {
    (SQS, "_act_receive_message"): ("data", "qurl"),
    (SQS, "_collect_msgs"): ("q", "max_n", "vis_timeout"),
    (SQS, "_dlq_sweep"): ("q",),
    (SQS, "_act_get_queue_attributes"): ("data", "qurl"),
}

TICK_SECONDS = 0.1
"""Messages also become visible by the clock: delays and leases end, and nothing is sent then."""


def apply() -> None:
    """Patch ministack in this process."""
    _answer_long_polls_at_once(import_module(SQS))
    _bury_what_came_back_meanwhile(import_module(SQS))
    _return_redrive_policies_compact(import_module(SQS))


class Wakes:
    """The event that wakes mappings, which wakes parked receives as well."""

    def __init__(self, mappings: threading.Event) -> None:
        self._mappings = mappings
        self._parked: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}

    def set(self) -> None:
        """A message is there; called from any thread."""
        self._mappings.set()
        for event, loop in list(self._parked.items()):
            loop.call_soon_threadsafe(event.set)

    def park(self) -> asyncio.Event:
        """An event that is set when a message comes, from now on."""
        event = asyncio.Event()
        self._parked[event] = asyncio.get_running_loop()
        return event

    def leave(self, event: asyncio.Event) -> None:
        """Nobody waits for it any more."""
        del self._parked[event]


def _answer_long_polls_at_once(sqs: Any) -> None:
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
                async with asyncio.timeout(min(TICK_SECONDS, left)):
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
    """Of the request, or else of the queue."""
    asked = data.get("WaitTimeSeconds")
    if asked is not None:
        return int(asked)
    queue = sqs._get_q(data.get("QueueUrl", qurl), "sqs:ReceiveMessage")
    return int(queue["attributes"].get("ReceiveMessageWaitTimeSeconds", "0"))


def _bury_what_came_back_meanwhile(sqs: Any) -> None:
    collect = sqs._collect_msgs

    def collect_msgs(queue: dict[str, Any], most: int, visibility_seconds: int) -> list[dict[str, Any]]:
        limit = _max_receives(queue)
        taken: list[dict[str, Any]] = collect(queue, most, visibility_seconds)
        dead = [message for message in taken if message["receive_count"] > limit]
        for message in dead:
            message["receive_count"] -= 1
            message["visible_at"] = 0
        if dead:
            sqs._dlq_sweep(queue)
        return [message for message in taken if message not in dead]

    sqs._collect_msgs = collect_msgs


def _max_receives(queue: dict[str, Any]) -> float:
    policy = json.loads(queue["attributes"].get("RedrivePolicy") or "{}")
    return int(policy.get("maxReceiveCount", 0)) or float("inf")


def _return_redrive_policies_compact(sqs: Any) -> None:
    get = sqs._act_get_queue_attributes

    def get_queue_attributes(data: dict[str, Any], qurl: str) -> dict[str, Any]:
        answer: dict[str, Any] = get(data, qurl)
        found = answer.get("Attributes", {})
        compact = {
            name: json.dumps(json.loads(found[name]), separators=(",", ":"))
            for name in ("RedrivePolicy", "RedriveAllowPolicy")
            if found.get(name)
        }
        return {**answer, "Attributes": {**found, **compact}} if compact else answer

    sqs._act_get_queue_attributes = get_queue_attributes
    sqs._HANDLERS["GetQueueAttributes"] = get_queue_attributes
