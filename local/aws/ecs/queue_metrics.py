"""Metrics of queues that ministack does not keep, for the alarms that scale a service."""

import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from local.aws.receives import RECEIVES

PERIOD_SECONDS = 8.0
"""What an alarm's period is here; a cooldown shrinks by as much."""

POLL_SECONDS = 20.0
"""Of an adapter's receive that finds nothing. It is not pressed, so a minute has three."""

QUEUE_METRICS = {
    "ApproximateNumberOfMessagesVisible": "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible": "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed": "ApproximateNumberOfMessagesDelayed",
}


def oldest_seconds(queue_arn: str) -> float:
    """Return the age of a queue's oldest message, pressed like a period; 0 without a message."""
    sqs: Any = import_module("ministack.services.sqs")
    queue = sqs._queue_by_arn(queue_arn)
    sent = [float(message["sent_at"]) for message in list(queue["messages"])] if queue else []
    return (time.time() - min(sent)) * 60 / PERIOD_SECONDS if sent else 0.0


COUNTERS: dict[str, Callable[[str], float]] = {
    "ApproximateAgeOfOldestMessage": oldest_seconds,
    "NumberOfMessagesReceived": lambda queue: float(RECEIVES.messages(queue, PERIOD_SECONDS)),
    "NumberOfEmptyReceives": lambda queue: RECEIVES.empty(queue, POLL_SECONDS) * 60 / POLL_SECONDS,
}
"""Metrics that no attribute of a queue holds, for the ARN of a queue."""
