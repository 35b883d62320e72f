"""Compute the queue metrics for alarms that scale a service, because ministack does not record them."""

import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from local.aws.receives import RECEIVES

PERIOD_SECONDS = 8.0
"""Length of an alarm period in the emulator; cooldowns are shortened by the same factor."""

POLL_SECONDS = 20.0
"""Wait time of the adapter's ReceiveMessage calls. It is not shortened, so an idle adapter polls 3 times a minute."""

QUEUE_METRICS = {
    "ApproximateNumberOfMessagesVisible": "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible": "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed": "ApproximateNumberOfMessagesDelayed",
}


def oldest_seconds(queue_arn: str) -> float:
    """Return the age of the oldest message in seconds, scaled to the shortened period; 0 if the queue is empty."""
    sqs: Any = import_module("ministack.services.sqs")
    queue = sqs._queue_by_arn(queue_arn)
    sent = [float(message["sent_at"]) for message in list(queue["messages"])] if queue else []
    return (time.time() - min(sent)) * 60 / PERIOD_SECONDS if sent else 0.0


COUNTERS: dict[str, Callable[[str], float]] = {
    "ApproximateAgeOfOldestMessage": oldest_seconds,
    "NumberOfMessagesReceived": lambda queue: float(RECEIVES.messages(queue, PERIOD_SECONDS)),
    "NumberOfEmptyReceives": lambda queue: RECEIVES.empty(queue, POLL_SECONDS) * 60 / POLL_SECONDS,
}
"""Functions that compute metrics that are not queue attributes; the argument is the queue's ARN."""
