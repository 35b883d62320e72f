"""When the app exits in a pod, its message is returned."""

import asyncio
import json
from typing import Any

import pytest

from intermodal_runtime.consumer.usage import Reading
from intermodal_runtime.pod import fail_when_app_is_gone
from tests.runtime.clock import advance, advance_until, now
from tests.runtime.consumer.readings import Script
from tests.runtime.consumer.worker import ScriptedQueue, consuming, make_message
from tests.runtime.harness import until


async def test_message_is_returned_when_the_app_is_gone() -> None:
    """Otherwise the message would stay hidden until the run times out, for hours."""
    queue = ScriptedQueue([make_message(1)])
    async with consuming(queue) as worker:
        await worker.take(await worker.client())
        watched = fail_when_app_is_gone(Script(Reading(1.0, 50), None), worker.harness.api, 0.2, clock=now)
        watching = asyncio.create_task(watched)
        await advance_until(lambda: bool(queue.changed))
        watching.cancel()
        (report,) = worker.reports()
        assert report["record"]["errorType"] == "Runtime.ExitError"
        assert "did not restart within 0.2 s" in json.dumps(report)


@pytest.mark.parametrize(
    "readings", [(Reading(1.0, 50), None, Reading(1.0, 50)), (None,)], ids=["a moment", "never to be seen"]
)
async def test_app_absent_for_a_moment_keeps_its_message(readings: Any) -> None:
    queue = ScriptedQueue([make_message(1)])
    async with consuming(queue) as worker:
        client = await worker.client()
        event = await worker.take(client)
        watched = fail_when_app_is_gone(Script(*readings), worker.harness.api, 0.05, clock=now)
        watching = asyncio.create_task(watched)
        await advance(0.3)
        watching.cancel()
        assert not queue.changed
        await client.answer(event.request_id)
        await until(lambda: bool(queue.deleted))
