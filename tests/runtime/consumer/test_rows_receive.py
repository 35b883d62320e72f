"""Rows B7, B13-B15, C1, C13 and C14: what is received when."""

from intermodal_runtime.consumer.consumer import ExitStatus
from intermodal_runtime.consumer.queue import QueueGoneError, QueueUnavailableError
from tests.runtime.clock import advance, advance_to, now
from tests.runtime.consumer.worker import ScriptedQueue, consuming, raw


async def test_nothing_is_received_beyond_free_slots() -> None:
    """B13: one event at a time, so the second receive waits for the first answer."""
    queue = ScriptedQueue([raw(1)], [raw(2)])
    async with consuming(queue) as worker:
        client = await worker.client()
        event = await worker.take(client)
        await advance(5.0)
        assert len(queue.asked) == 1
        assert queue.asked[0] == (10, 20, 120, "")
        await client.answer(event.request_id)
        await worker.take(client)
        assert len(queue.asked) == 2


async def test_a_window_assembles_several_receives_into_one_event() -> None:
    """B7."""
    queue = ScriptedQueue([raw(n) for n in range(10)], [raw(n) for n in range(10, 20)], [raw(20)])
    async with consuming(queue, batch_size=21, window_seconds=1) as worker:
        client = await worker.client()
        event = await worker.take(client)
        assert [record["messageId"] for record in event.json["Records"]] == [f"m{n}" for n in range(21)]
        assert [asked[0] for asked in queue.asked] == [10, 10, 1]
        await client.answer(event.request_id)
        await worker.until(lambda: len(queue.deleted) == 21)


async def test_a_window_ends_with_what_there_is() -> None:
    """B7: and its messages are renewed from their receive, not from the dispatch."""
    queue = ScriptedQueue([raw(1)])
    async with consuming(queue, batch_size=100, window_seconds=2.5, lease_seconds=3) as worker:
        client = await worker.client()
        began = now()
        event = await advance_to(worker.take(client))
        assert 2.3 < now() - began < 5
        assert queue.changed[0] == ("m1", 3)  # a heartbeat before it was handed out
        await client.answer(event.request_id)


async def test_trouble_is_met_with_longer_and_longer_pauses() -> None:
    """B14: no hot loop, and it goes on once SQS answers."""
    trouble = [QueueUnavailableError("ExpiredToken: renew it") for _ in range(3)]
    queue = ScriptedQueue(*trouble, [raw(1)])
    began = now()
    async with consuming(queue, pause_seconds=1) as worker:
        client = await worker.client()
        event = await advance_to(worker.take(client))
        assert now() - began > 0.5 + 1 + 1 - 0.1
        assert next(note for note in worker.notes() if "ExpiredToken" in note).endswith("retrying in 0.5 s")
        await client.answer(event.request_id)


async def test_a_queue_that_is_gone_ends_the_consumer_with_a_word() -> None:
    """Bad input: the queue was deleted under the adapter."""
    queue = ScriptedQueue(QueueGoneError("AWS.SimpleQueueService.NonExistentQueue: not there"))
    async with consuming(queue) as worker:
        client = await worker.client()
        reply = await worker.take(client)
        assert reply.status == 500  # the app is told to end, too
        assert await worker.ended is ExitStatus.QUEUE_GONE
        assert any("does not exist" in note for note in worker.notes())


async def test_fifo_queue_is_consumed_one_batch_at_a_time() -> None:
    """B15: a receive whose answer was lost is repeated under the same id."""
    queue = ScriptedQueue(QueueUnavailableError("lost"), [raw(1, MessageGroupId="g")], [raw(2)])
    async with consuming(queue, fifo=True, context={"max_concurrency": 3}) as worker:
        client = await worker.client()
        event = await advance_to(worker.take(client))
        first, second = (asked[3] for asked in queue.asked)
        assert first == second != ""
        await client.answer(event.request_id)
        await worker.take(client)
        assert queue.asked[2][3] not in {"", first}


async def test_after_a_failure_in_a_fifo_batch_nothing_overtakes_it() -> None:
    """B15: what was split off behind it goes back unseen; all failed ones return after the same pause, in order."""
    large = "x" * 4 * 1024 * 1024
    batch = [raw(n, large, MessageGroupId="g", ApproximateReceiveCount=str(n)) for n in (1, 2)]
    queue = ScriptedQueue(batch)
    async with consuming(queue, fifo=True) as worker:
        client = await worker.client()
        event = await worker.take(client)
        assert len(event.json["Records"]) == 1
        await client.answer(event.request_id, b'{"batchItemFailures": [{"itemIdentifier": "m1"}]}')
        await worker.until(lambda: len(queue.changed) == 2)
    assert queue.changed == [("m1", 10), ("m2", 25)]
    assert queue.deleted == []
