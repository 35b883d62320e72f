"""Rows B4, B5, B8 and B10-B12 of the contract: deletes, leases and returned messages."""

import asyncio
import json
import time
from typing import Any

import pytest

from intermodal_runtime.consumer.queue import QueueUnavailableError
from intermodal_runtime.consumer.settlement import DELETE_PAUSES
from tests.runtime.clock import advance, advance_until, now
from tests.runtime.consumer.worker import ScriptedQueue, consuming, make_message

INVALID = "InvalidParameterValue: Value r1 for parameter ReceiptHandle is invalid. Reason: "
OLD_RECEIPTS = (
    f"{INVALID}Message does not exist or is not available for visibility timeout change.",
    f"{INVALID}The receipt handle has expired.",
)
"""SQS errors for an expired receipt, in standard and in FIFO queues (aws-sdk-java#1628)."""


async def test_handled_messages_are_deleted_and_failed_ones_retried() -> None:
    """B5, B11: one batch with one failure; its reason is in the report."""
    queue = ScriptedQueue([make_message(1), make_message(2, ApproximateReceiveCount="3")])
    async with consuming(queue, retry_seconds=10) as worker:
        client = await worker.client()
        event = await worker.take(client)
        assert [record["messageId"] for record in event.json["Records"]] == ["m1", "m2"]
        await client.answer(event.request_id, b'{"batchItemFailures": [{"itemIdentifier": "m2"}]}')
        await worker.until(lambda: bool(queue.changed))
    assert queue.deleted == ["m1"]
    assert queue.changed == [("m2", 40)]
    (report,) = worker.reports()
    assert report["failed"].keys() == {"m2"}
    assert report["messageIds"] == ["m1", "m2"]


@pytest.mark.parametrize(
    ("receives", "pauses"), [(5, [80, 0, 0]), (0, [80, 160, 320]), (QueueUnavailableError("no"), [80, 160, 320])]
)
async def test_exhausted_message_is_not_delayed(receives: Any, pauses: list[int]) -> None:
    """F7: SQS moves the message to the dead-letter queue at the next receive, which may be by the same consumer."""
    counts = ("4", "5", "6")
    queue = ScriptedQueue([make_message(number, ApproximateReceiveCount=count) for number, count in enumerate(counts)])
    queue.receives = receives
    async with consuming(queue) as worker:
        client = await worker.client()
        event = await worker.take(client)
        await client.answer(event.request_id, b"no", kind="error")
        await worker.until(lambda: len(queue.changed) == 3)
    assert queue.changed == [(f"m{number}", pause) for number, pause in enumerate(pauses)]


async def test_error_returns_the_whole_batch_and_deletes_nothing() -> None:
    """Covers B4."""
    queue = ScriptedQueue([make_message(1), make_message(2)])
    async with consuming(queue) as worker:
        client = await worker.client()
        event = await worker.take(client)
        await client.answer(event.request_id, b'{"errorType": "ValueError", "errorMessage": "no"}', kind="error")
        await worker.until(lambda: len(queue.changed) == 2)
    assert queue.deleted == []
    assert queue.changed == [("m1", 10), ("m2", 10)]
    assert worker.reports()[0]["failed"] == {"m1": "ValueError: no", "m2": "ValueError: no"}


@pytest.mark.parametrize("trouble", ["InternalError", QueueUnavailableError("throttled")])
async def test_failed_delete_is_retried_while_the_lease_is_held(trouble: Any) -> None:
    """B5: every entry of `Failed[]` is handled."""
    queue = ScriptedQueue([make_message(1)])
    queue.delete_answers = [trouble]
    async with consuming(queue, lease_seconds=3) as worker:
        client = await worker.client()
        event = await worker.take(client)
        await client.answer(event.request_id)
        await advance_until(lambda: queue.deleted == ["m1"])


async def test_failed_delete_is_logged_after_the_last_retry() -> None:
    """B5: the message will be processed again, which the log must say."""
    queue = ScriptedQueue([make_message(1)])
    queue.delete_answers = ["InternalError"] * (1 + len(DELETE_PAUSES))
    queue.delete_answers[1] = QueueUnavailableError("throttled")
    async with consuming(queue) as worker:
        client = await worker.client()
        event = await worker.take(client)
        await client.answer(event.request_id)
        await advance_until(lambda: "processed but not deleted; the message will run again" in worker.notes())
    assert (queue.deleted, queue.delete_answers) == ([], [])


async def test_leases_are_renewed_from_receive_to_settlement() -> None:
    """B8: leases are renewed after every third of a lease, to a whole lease."""
    queue = ScriptedQueue([make_message(1), make_message(2)])
    async with consuming(queue, lease_seconds=3) as worker:
        client = await worker.client()
        event = await worker.take(client)
        await advance_until(lambda: len(queue.changed) >= 4)
        renewals = len(queue.changed)
        await client.answer(event.request_id)
        await worker.until(lambda: queue.deleted == ["m1", "m2"])
        assert set(queue.changed) == {("m1", 3), ("m2", 3)}
        await advance(3.5)  # longer than three renewals: renewal has stopped
        assert len(queue.changed) == renewals


@pytest.mark.parametrize("code", ["ReceiptHandleIsInvalid", "AWS.SimpleQueueService.MessageNotInflight", *OLD_RECEIPTS])
async def test_lost_lease_stops_renewals_and_the_delete(code: str) -> None:
    """Covers B8."""
    queue = ScriptedQueue([make_message(1)])
    queue.change_answers = [code]
    async with consuming(queue, lease_seconds=3) as worker:
        client = await worker.client()
        event = await worker.take(client)
        await advance_until(lambda: any("lease lost" in note for note in worker.notes()))
        await client.answer(event.request_id)
        await worker.until(lambda: any("because the lease was lost" in note for note in worker.notes()))
    assert queue.deleted == []
    assert queue.changed == [("m1", 3)]


async def test_permanently_refused_delete_is_not_retried() -> None:
    """B8, B10: a drain has no time for the retry."""
    queue = ScriptedQueue([make_message(1)], [make_message(2)])
    queue.delete_answers = [OLD_RECEIPTS[1], "InvalidParameterValue: something else"]
    async with consuming(queue) as worker:
        client = await worker.client()
        for _ in range(2):
            event = await worker.take(client)
            await client.answer(event.request_id)
        await worker.until(lambda: any("the message will run again" in note for note in worker.notes()), 1)
        assert any("because the lease was lost" in note for note in worker.notes())
    assert (queue.deleted, queue.delete_answers) == ([], [])


async def test_refused_renewal_is_logged() -> None:
    """B8: nothing is requested beyond twelve hours; every other error is logged."""
    queue = ScriptedQueue([make_message(1)])
    queue.change_answers = ["InvalidParameterValue: Value 3 for parameter VisibilityTimeout is invalid."]
    async with consuming(queue, lease_seconds=3) as worker:
        client = await worker.client()
        event = await worker.take(client)
        await advance_until(lambda: any("not renewed: InvalidParameterValue" in note for note in worker.notes()))
        await client.answer(event.request_id)
        await worker.until(lambda: queue.deleted == ["m1"])


async def test_failed_renewal_is_retried_soon() -> None:
    """B8: one error must not lose the lease."""
    queue = ScriptedQueue([make_message(1)])
    queue.change_answers = [QueueUnavailableError("throttled")]
    async with consuming(queue, lease_seconds=9) as worker:
        client = await worker.client()
        event = await worker.take(client)
        began = now()
        await advance_until(lambda: len(queue.changed) == 2, 8)
        assert now() - began < 2 * 9 / 3
        await client.answer(event.request_id)
        await worker.until(lambda: queue.deleted == ["m1"])


async def test_message_redelivered_during_its_run_is_not_repeated() -> None:
    """B5: the delete uses the newest receipt."""
    queue = ScriptedQueue([make_message(1)], [make_message(1) | {"ReceiptHandle": "newer"}, make_message(2)])
    async with consuming(queue, context={"max_concurrency": 2}) as worker:
        one, two = await worker.client(), await worker.client()
        events = [await worker.take(one), await worker.take(two)]
        assert [event.json["Records"][0]["messageId"] for event in events] == ["m1", "m2"]
        for client, event in zip((one, two), events, strict=True):
            await client.answer(event.request_id)
        await worker.until(lambda: sorted(queue.deleted) == ["m1", "m2"])
    assert sorted(queue.receipts_deleted) == ["newer", "r2"]


async def test_deadline_is_the_timeout_or_when_the_lease_ends() -> None:
    """B10: the deadline is the dispatch plus the timeout, at most 12 h after the receive."""
    queue = ScriptedQueue([make_message(1)], [make_message(2)])
    async with consuming(queue, context={"timeout_seconds": 50_000.0}) as worker:
        client = await worker.client()
        event = await worker.take(client)
        left = int(event.headers["lambda-runtime-deadline-ms"]) / 1000 - time.time()
        assert 43_100 < left <= 43_140
        await client.answer(event.request_id)
        await worker.until(lambda: queue.deleted == ["m1"])


async def test_app_that_does_not_start_receives_nothing() -> None:
    """A11, B12: a receive without an app would only raise the receive counts."""
    queue = ScriptedQueue([make_message(1)])
    async with consuming(queue, start_seconds=0.4) as worker:
        client = await worker.client()
        await client.post("/2018-06-01/runtime/init/error", json.dumps({"errorType": "x"}).encode())
        await worker.ended
    assert queue.asked == []
    assert worker.ended.result() == 1


async def test_event_that_no_client_took_is_released_at_once() -> None:
    """B12: the app asked once and disconnected, so its event was never seen."""
    queue = ScriptedQueue()
    async with consuming(queue, context={"ready_timeout_seconds": 0.4}) as worker:
        client = await worker.client()
        asking = asyncio.ensure_future(worker.take(client))
        await worker.until(lambda: worker.harness.api.parked_count == 1)
        asking.cancel()
        await client.close()
        queue.batches.append([make_message(1)])
        queue.wait.set()
        await worker.ended
    assert queue.changed == [("m1", 0)]
    assert worker.ended.result() == 1
    assert any("no Lambda runtime client requested" in note for note in worker.notes())
