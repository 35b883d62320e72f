"""Compute queue metrics for the alarms that scale a service; ministack does not record them."""

import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from local.aws.receives import RECEIVES

PERIOD_SECONDS = 8.0
"""Length of an alarm period in the emulator; cooldowns shrink by the same factor."""

POLL_SECONDS = 20.0
"""Wait time of an adapter's receive. It does not shrink, so an idle adapter makes three receives per minute."""

QUEUE_METRICS = {
    "ApproximateNumberOfMessagesVisible": "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible": "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed": "ApproximateNumberOfMessagesDelayed",
}


def oldest_seconds(queue_arn: str) -> float:
    """Return the age of a queue's oldest message, scaled like a period; 0 if the queue is empty."""
    sqs: Any = import_module("ministack.services.sqs")
    queue = sqs._queue_by_arn(queue_arn)
    sent = [float(message["sent_at"]) for message in list(queue["messages"])] if queue else []
    return (time.time() - min(sent)) * 60 / PERIOD_SECONDS if sent else 0.0


COUNTERS: dict[str, Callable[[str], float]] = {
    "ApproximateAgeOfOldestMessage": oldest_seconds,
    "NumberOfMessagesReceived": lambda queue: float(RECEIVES.messages(queue, PERIOD_SECONDS)),
    "NumberOfEmptyReceives": lambda queue: RECEIVES.empty(queue, POLL_SECONDS) * 60 / POLL_SECONDS,
}
"""Metrics that are not attributes of a queue, computed from its ARN."""
