"""Rows B13-B15, C1, C2, C13 and C14 of the contract: how a consumer stops, and why."""

import asyncio

import pytest

from intermodal_runtime.consumer.consumer import ExitStatus
from intermodal_runtime.consumer.protection import NoProtection
from intermodal_runtime.consumer.settings import HELD_MARGIN_SECONDS, MAXIMUM_HELD_SECONDS
from tests.runtime.clock import advance, advance_to, now
from tests.runtime.consumer.worker import ScriptedQueue, consuming, make_message


async def test_stop_releases_messages_from_the_open_receive() -> None:
    """C1: SQS may have assigned messages to an aborted receive; they would stay in flight without a consumer."""
    queue = ScriptedQueue()
    async with consuming(queue) as worker:
        client = await worker.client()
        asking = asyncio.ensure_future(worker.take(client))
        await worker.until(lambda: len(queue.asked) == 1)
        worker.consumer.stop()
        worker.consumer.stop()
        assert (await asking).status == 500
        assert not worker.ended.done()
        queue.batches.append([make_message(1), make_message(2)])
        queue.wait.set()
        assert await worker.ended is ExitStatus.DONE
    assert queue.changed == [("m1", 0), ("m2", 0)]


async def test_released_messages_are_delayed_past_open_receives() -> None:
    """C1: otherwise, stopping six idle tasks together would dead-letter a message that no handler saw."""
    queue = ScriptedQueue()
    async with consuming(queue) as worker:
        client = await worker.client()
        asking = asyncio.ensure_future(worker.take(client))
        await worker.until(lambda: len(queue.asked) == 1)
        worker.consumer.stop()
        await asking
        queue.batches.append([make_message(1), make_message(2, ApproximateReceiveCount="2")])
        queue.wait.set()
        await worker.ended
    assert queue.changed == [("m1", 0), ("m2", 25)]


async def test_stop_during_an_agent_call_begins_no_receive() -> None:
    """C1: the long poll would use up twenty seconds of the grace period."""

    class Slow(NoProtection):
        def __init__(self) -> None:
            self.asked, self.answer = asyncio.Event(), asyncio.Event()

        async def may_receive(self) -> bool:
            self.asked.set()
            await self.answer.wait()
            return True

    queue, slow = ScriptedQueue([make_message(1)]), Slow()
    async with consuming(queue, slow) as worker:
        client = await worker.client()
        asking = asyncio.ensure_future(worker.take(client))
        await slow.asked.wait()
        worker.consumer.stop()
        slow.answer.set()
        await worker.ended
        await asking
    assert queue.asked == []


@pytest.mark.parametrize(
    ("settings", "timeout_seconds"),
    [({"run_seconds": 0.3}, 10.0), ({}, MAXIMUM_HELD_SECONDS - HELD_MARGIN_SECONDS)],
    ids=["the time for new work is over", "they could not be held to its end"],
)
async def test_split_batch_is_released_if_it_could_be_cut_short(
    settings: dict[str, float], timeout_seconds: float
) -> None:
    """B14: a batch above 6 MiB is several runs; a pod's deadline and the 12 h of a receive allow for one."""
    queue = ScriptedQueue([make_message(n, "x" * 4 * 1024 * 1024) for n in (1, 2)])
    async with consuming(queue, context={"timeout_seconds": timeout_seconds}, **settings) as worker:
        client = await worker.client()
        event = await worker.take(client)
        await advance(0.4)
        await client.answer(event.request_id)
        await worker.until(lambda: queue.changed == [("m2", 0)])
        assert queue.deleted == ["m1"]


async def test_app_may_take_longer_to_start_than_to_restart() -> None:
    """C10: the image is pulled while the adapter waits."""
    queue = ScriptedQueue([make_message(1)])
    async with consuming(queue, start_seconds=5, return_seconds=0.2) as worker:
        await advance(0.6)
        client = await worker.client()
        event = await worker.take(client)
        await client.answer(event.request_id)
        await worker.until(lambda: queue.deleted == ["m1"])


async def test_stop_waits_for_the_open_event_within_the_grace() -> None:
    """Covers C1."""
    queue = ScriptedQueue([make_message(1)])
    async with consuming(queue, grace_seconds=5) as worker:
        client = await worker.client()
        event = await worker.take(client)
        worker.consumer.stop()
        await advance(0.3)
        assert not worker.ended.done()
        await client.answer(event.request_id)
        assert await worker.ended is ExitStatus.DONE
    assert queue.deleted == ["m1"]


async def test_work_beyond_the_grace_period_is_retried() -> None:
    """C1, C2: hours of work do not fit into 120 s."""
    queue = ScriptedQueue([make_message(1)])
    async with consuming(queue, grace_seconds=0.8, grace_margin_seconds=0.5) as worker:
        client = await worker.client()
        await worker.take(client)
        began = now()
        worker.consumer.stop()
        assert await advance_to(worker.ended) is ExitStatus.DONE
        assert 0.25 < now() - began < 2
    assert queue.changed == [("m1", 10)]
    assert queue.deleted == []


async def test_empty_queue_ends_a_job_with_success() -> None:
    """Covers C13."""
    queue = ScriptedQueue([make_message(1)])
    async with consuming(queue, empty_polls=2, poll_seconds=1) as worker:
        client = await worker.client()
        event = await worker.take(client)
        await client.answer(event.request_id)
        assert await advance_to(worker.ended) is ExitStatus.DONE
    assert (queue.deleted, len(queue.asked)) == (["m1"], 3)


async def test_dying_app_fails_its_batch_and_may_restart() -> None:
    """C14, A9: the second `/next` shows that it died; the next batch goes to the new process."""
    queue = ScriptedQueue([make_message(1)], [make_message(2)])
    async with consuming(queue) as worker:
        first, second = await worker.client(), await worker.client()
        await worker.take(first)
        await first.close()
        event = await worker.take(second)
        assert event.json["Records"][0]["messageId"] == "m2"
        await second.answer(event.request_id)
        await worker.until(lambda: queue.deleted == ["m2"])
    assert queue.changed == [("m1", 10)]
    assert worker.reports()[0]["record"]["errorType"] == "Runtime.ExitError"


async def test_app_that_does_not_restart_stops_the_consumer() -> None:
    """C14: restarts are limited, then the orchestrator takes over."""
    queue = ScriptedQueue([make_message(1)], [make_message(2)])
    async with consuming(queue, return_seconds=0.4) as worker:
        client = await worker.client()
        await worker.take(client)
        worker.harness.api.fail_pending("Runtime.ExitError", "Runtime exited with error: exit status 3")
        assert await advance_to(worker.ended) is ExitStatus.APP_FAILED
    assert queue.changed == [("m1", 10)]
    assert any("the app did not start" in note for note in worker.notes())


async def test_three_start_errors_in_a_row_stop_the_consumer() -> None:
    """Covers A11."""
    queue = ScriptedQueue()
    async with consuming(queue, start_seconds=30) as worker:
        client = await worker.client()
        for _ in range(3):
            await client.post("/2018-06-01/runtime/init/error", b'{"errorType": "Runtime.ImportModuleError"}')
        assert await worker.ended is ExitStatus.APP_FAILED
    assert queue.asked == []
    assert any("Runtime.ImportModuleError" in note for note in worker.notes())


async def test_app_that_hangs_past_its_timeout_is_replaced() -> None:
    """The adapter cannot kill the app: it returns the batch, waits a moment, and exits with the reason."""
    queue = ScriptedQueue([make_message(1)], [make_message(2)])
    async with consuming(queue, context={"timeout_seconds": 0.2}) as worker:
        client = await worker.client()
        await worker.take(client)
        assert await worker.ended is ExitStatus.APP_FAILED
    assert queue.changed == [("m1", 10)]
    assert worker.reports()[0]["record"]["status"] == "timeout"
    assert len(queue.asked) == 1


async def test_a_handler_that_is_merely_late_gets_the_next_event() -> None:
    """After a timeout, an app that asks for the next event continues; its late response has no effect."""
    queue = ScriptedQueue([make_message(1)], [make_message(2)])
    async with consuming(queue, context={"timeout_seconds": 0.2}, hang_seconds=5) as worker:
        client = await worker.client()
        late = await worker.take(client)
        await worker.until(lambda: queue.changed == [("m1", 10)])
        await client.answer(late.request_id)
        event = await worker.take(client)
        assert event.json["Records"][0]["messageId"] == "m2"
        await client.answer(event.request_id)
        await worker.until(lambda: queue.deleted == ["m2"])
