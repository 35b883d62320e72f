"""Rows B7, B13-B15, C1, C13 and C14 of the contract: when messages are received."""

from intermodal_runtime.consumer.consumer import ExitStatus
from intermodal_runtime.consumer.queue import QueueGoneError, QueueUnavailableError
from tests.runtime.clock import advance, advance_to, now
from tests.runtime.consumer.worker import ScriptedQueue, consuming, make_message


async def test_no_more_messages_are_received_than_slots_are_free() -> None:
    """B13: one event at a time, so the second receive waits for the first response."""
    queue = ScriptedQueue([make_message(1)], [make_message(2)])
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
    """Covers B7."""
    queue = ScriptedQueue(
        [make_message(n) for n in range(10)], [make_message(n) for n in range(10, 20)], [make_message(20)]
    )
    async with consuming(queue, batch_size=21, window_seconds=1) as worker:
        client = await worker.client()
        event = await worker.take(client)
        assert [record["messageId"] for record in event.json["Records"]] == [f"m{n}" for n in range(21)]
        assert [asked[0] for asked in queue.asked] == [10, 10, 1]
        await client.answer(event.request_id)
        await worker.until(lambda: len(queue.deleted) == 21)


async def test_window_ends_with_a_partial_batch() -> None:
    """B7: lease renewal starts at the receive, not at the dispatch."""
    queue = ScriptedQueue([make_message(1)])
    async with consuming(queue, batch_size=100, window_seconds=2.5, lease_seconds=3) as worker:
        client = await worker.client()
        began = now()
        event = await advance_to(worker.take(client))
        assert 2.3 < now() - began < 5
        assert queue.changed[0] == ("m1", 3)  # the lease was renewed before the message was dispatched
        await client.answer(event.request_id)


async def test_receive_errors_back_off() -> None:
    """B14: retries pause, and receives continue once SQS responds."""
    trouble = [QueueUnavailableError("ExpiredToken: renew it") for _ in range(3)]
    queue = ScriptedQueue(*trouble, [make_message(1)])
    began = now()
    async with consuming(queue, pause_seconds=1) as worker:
        client = await worker.client()
        event = await advance_to(worker.take(client))
        assert now() - began > 0.5 + 1 + 1 - 0.1
        assert next(note for note in worker.notes() if "ExpiredToken" in note).endswith("retrying in 0.5 s")
        await client.answer(event.request_id)


async def test_missing_queue_stops_the_consumer_with_a_log_line() -> None:
    """Bad input: the queue is deleted while the adapter runs."""
    queue = ScriptedQueue(QueueGoneError("AWS.SimpleQueueService.NonExistentQueue: not there"))
    async with consuming(queue) as worker:
        client = await worker.client()
        reply = await worker.take(client)
        assert reply.status == 500  # the app is shut down as well
        assert await worker.ended is ExitStatus.QUEUE_GONE
        assert any("does not exist" in note for note in worker.notes())


async def test_fifo_queue_is_consumed_one_batch_at_a_time() -> None:
    """B15: a receive whose response was lost is repeated with the same attempt ID."""
    queue = ScriptedQueue(QueueUnavailableError("lost"), [make_message(1, MessageGroupId="g")], [make_message(2)])
    async with consuming(queue, fifo=True, context={"max_concurrency": 3}) as worker:
        client = await worker.client()
        event = await advance_to(worker.take(client))
        first, second = (asked[3] for asked in queue.asked)
        assert first == second != ""
        await client.answer(event.request_id)
        await worker.take(client)
        assert queue.asked[2][3] not in {"", first}


async def test_no_message_overtakes_a_failed_fifo_message() -> None:
    """B15: later messages are returned unprocessed; all failed ones return after the same delay, in order."""
    large = "x" * 4 * 1024 * 1024
    batch = [make_message(n, large, MessageGroupId="g", ApproximateReceiveCount=str(n)) for n in (1, 2)]
    queue = ScriptedQueue(batch)
    async with consuming(queue, fifo=True) as worker:
        client = await worker.client()
        event = await worker.take(client)
        assert len(event.json["Records"]) == 1
        await client.answer(event.request_id, b'{"batchItemFailures": [{"itemIdentifier": "m1"}]}')
        await worker.until(lambda: len(queue.changed) == 2)
    assert queue.changed == [("m1", 10), ("m2", 25)]
    assert queue.deleted == []
