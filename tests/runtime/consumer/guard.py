"""Run task scale-in protection with a fake agent."""

import asyncio
import json
from typing import Any

from intermodal_runtime.consumer.log import ConsumerLog
from intermodal_runtime.consumer.protection import Intervals, TaskProtection
from tests.runtime.clock import advance, advance_to, advance_until
from tests.runtime.consumer.agent import Agent
from tests.runtime.consumer.worker import ScriptedQueue, Worker


def guard(
    agent: Agent, linger: float = 0.1, timeout: float = 90.0, **intervals: float
) -> tuple[TaskProtection, list[dict[str, Any]]]:
    """Return a protection and its log lines."""
    lines: list[dict[str, Any]] = []
    log = ConsumerLog("f", "main", "ecs", 128, lambda line: lines.append(json.loads(line)))
    agent.clock = asyncio.get_running_loop().time
    chosen = Intervals(linger_seconds=linger, **intervals)
    return TaskProtection(agent.uri, log, timeout, intervals=chosen, clock=agent.clock), lines


async def handle_slowly(worker: Worker, queue: ScriptedQueue, events: int) -> None:
    """Handle events one by one, each for 0.2 s, until all are deleted."""
    client = await worker.client()
    for _ in range(events):
        event = await advance_to(worker.take(client))
        await advance(0.2)
        await client.answer(event.request_id)
    await advance_until(lambda: len(queue.deleted) == events)


NOT_VALID = (200, {"failure": {"Arn": "arn", "Reason": "TASK_NOT_VALID"}})
