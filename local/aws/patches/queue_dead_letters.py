"""Move a message to the dead-letter queue after maxReceiveCount receives.

AWS: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html

ministack reads the clock twice: once to find dead letters and once to find visible messages. On a busy machine, a
message can become visible in between and is then received once too often.
"""

import json
from typing import Any

from local.aws.expected import Expected

MODULE = "ministack.services.sqs"

EXPECTED: Expected = {
    (MODULE, "_collect_msgs"): ("q", "max_n", "vis_timeout"),
    (MODULE, "_dlq_sweep"): ("q",),
}


def apply(sqs: Any) -> None:
    """Patch ministack's sqs module."""
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
