"""Rows B4, B5, B8, B10-B12: deletes, leases and what is given back."""

import asyncio
import json
import time
from typing import Any

import pytest

from intermodal_runtime.consumer import settlement
from intermodal_runtime.consumer.queue import QueueUnavailableError
from tests.runtime.consumer.stage import ScriptedQueue, raw, work
from tests.runtime.harness import run

INVALID = "InvalidParameterValue: Value r1 for parameter ReceiptHandle is invalid. Reason: "
OLD_RECEIPTS = (
    f"{INVALID}Message does not exist or is not available for visibility timeout change.",
    f"{INVALID}The receipt handle has expired.",
)
"""What SQS says of a receipt that was valid once, of standard and of FIFO queues (aws-sdk-java#1628)."""


def test_handled_messages_are_deleted_and_failed_ones_come_back_later() -> None:
    """B5, B11: one batch, one failure named; its reason is in the report."""

    async def scene() -> None:
        queue = ScriptedQueue([raw(1), raw(2, ApproximateReceiveCount="3")])
        async with work(queue, retry_seconds=10) as place:
            client = await place.client()
            event = await place.take(client)
            assert [record["messageId"] for record in event.json["Records"]] == ["m1", "m2"]
            await client.answer(event.request_id, b'{"batchItemFailures": [{"itemIdentifier": "m2"}]}')
            await place.until(lambda: bool(queue.changed))
        assert queue.deleted == ["m1"]
        assert queue.changed == [("m2", 40)]
        (report,) = place.reports()
        assert report["failed"].keys() == {"m2"}
        assert report["messageIds"] == ["m1", "m2"]

    run(scene())


@pytest.mark.parametrize(
    ("receives", "pauses"), [(5, [80, 0, 0]), (0, [80, 160, 320]), (QueueUnavailableError("no"), [80, 160, 320])]
)
def test_what_has_had_its_last_receive_does_not_wait(receives: Any, pauses: list[int]) -> None:
    """F7: SQS makes it a dead letter at the next receive, which need not be a new consumer's."""

    async def scene() -> None:
        counts = ("4", "5", "6")
        queue = ScriptedQueue([raw(number, ApproximateReceiveCount=count) for number, count in enumerate(counts)])
        queue.receives = receives
        async with work(queue) as place:
            client = await place.client()
            event = await place.take(client)
            await client.answer(event.request_id, b"no", kind="error")
            await place.until(lambda: len(queue.changed) == 3)
        assert queue.changed == [(f"m{number}", pause) for number, pause in enumerate(pauses)]

    run(scene())


def test_an_error_gives_the_whole_batch_back_and_deletes_nothing() -> None:
    """B4."""

    async def scene() -> None:
        queue = ScriptedQueue([raw(1), raw(2)])
        async with work(queue) as place:
            client = await place.client()
            event = await place.take(client)
            await client.answer(event.request_id, b'{"errorType": "ValueError", "errorMessage": "no"}', kind="error")
            await place.until(lambda: len(queue.changed) == 2)
        assert queue.deleted == []
        assert queue.changed == [("m1", 10), ("m2", 10)]
        assert place.reports()[0]["failed"] == {"m1": "ValueError: no", "m2": "ValueError: no"}

    run(scene())


@pytest.mark.parametrize("trouble", ["InternalError", QueueUnavailableError("throttled")])
def test_a_delete_that_failed_is_asked_again_while_the_lease_is_kept(trouble: Any) -> None:
    """B5: whatever `Failed[]` says is looked at."""

    async def scene() -> None:
        queue = ScriptedQueue([raw(1)])
        queue.delete_answers = [trouble]
        async with work(queue, lease_seconds=3) as place:
            client = await place.client()
            event = await place.take(client)
            await client.answer(event.request_id)
            await place.until(lambda: queue.deleted == ["m1"])

    run(scene())


def test_what_cannot_be_deleted_in_the_end_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """B5: it will run again; nobody may find that out by surprise."""
    monkeypatch.setattr(settlement, "DELETE_PAUSES", (0.01, 0.01))

    async def scene() -> None:
        queue = ScriptedQueue([raw(1)])
        queue.delete_answers = ["InternalError", QueueUnavailableError("throttled"), "InternalError"]
        async with work(queue) as place:
            client = await place.client()
            event = await place.take(client)
            await client.answer(event.request_id)
            await place.until(lambda: "handled, but could not be deleted: it will run again" in place.notes())
        assert (queue.deleted, queue.delete_answers) == ([], [])

    run(scene())


def test_leases_are_renewed_from_the_receive_until_the_end() -> None:
    """B8: every third of the lease, with the whole lease."""

    async def scene() -> None:
        queue = ScriptedQueue([raw(1), raw(2)])
        async with work(queue, lease_seconds=3) as place:
            client = await place.client()
            event = await place.take(client)
            await place.until(lambda: len(queue.changed) >= 4)
            renewals = len(queue.changed)
            await client.answer(event.request_id)
            await place.until(lambda: queue.deleted == ["m1", "m2"])
            assert set(queue.changed) == {("m1", 3), ("m2", 3)}
            await asyncio.sleep(1.2)  # longer than a heartbeat: it has ended
            assert len(queue.changed) == renewals

    run(scene())


@pytest.mark.parametrize("code", ["ReceiptHandleIsInvalid", "AWS.SimpleQueueService.MessageNotInflight", *OLD_RECEIPTS])
def test_a_lost_lease_ends_the_renewals_and_the_message_is_not_deleted_blindly(code: str) -> None:
    """B8."""

    async def scene() -> None:
        queue = ScriptedQueue([raw(1)])
        queue.change_answers = [code]
        async with work(queue, lease_seconds=3) as place:
            client = await place.client()
            event = await place.take(client)
            await place.until(lambda: any("lease lost" in note for note in place.notes()))
            await client.answer(event.request_id)
            await place.until(lambda: any("the lease was lost before the end" in note for note in place.notes()))
        assert queue.deleted == []
        assert queue.changed == [("m1", 3)]

    run(scene())


def test_a_delete_that_is_refused_for_good_is_not_asked_for_again() -> None:
    """B8, B10: a drain has no time for it."""

    async def scene() -> None:
        queue = ScriptedQueue([raw(1)], [raw(2)])
        queue.delete_answers = [OLD_RECEIPTS[1], "InvalidParameterValue: something else"]
        async with work(queue) as place:
            client = await place.client()
            for _ in range(2):
                event = await place.take(client)
                await client.answer(event.request_id)
            await place.until(lambda: any("could not be deleted" in note for note in place.notes()), 1)
            assert any("the lease was lost before the end" in note for note in place.notes())
        assert (queue.deleted, queue.delete_answers) == ([], [])

    run(scene())


def test_a_renewal_that_is_refused_is_said() -> None:
    """B8: beyond twelve hours nothing is asked for; whatever it is, somebody has to hear of it."""

    async def scene() -> None:
        queue = ScriptedQueue([raw(1)])
        queue.change_answers = ["InvalidParameterValue: Value 3 for parameter VisibilityTimeout is invalid."]
        async with work(queue, lease_seconds=3) as place:
            client = await place.client()
            event = await place.take(client)
            await place.until(lambda: any("was not renewed: InvalidParameterValue" in note for note in place.notes()))
            await client.answer(event.request_id)
            await place.until(lambda: queue.deleted == ["m1"])

    run(scene())


def test_a_renewal_that_failed_for_another_reason_is_asked_again_soon() -> None:
    """B8: a blip must not cost the lease."""

    async def scene() -> None:
        queue = ScriptedQueue([raw(1)])
        queue.change_answers = [QueueUnavailableError("throttled")]
        async with work(queue, lease_seconds=9) as place:
            client = await place.client()
            event = await place.take(client)
            began = time.monotonic()
            await place.until(lambda: len(queue.changed) == 2, 8)
            assert time.monotonic() - began < 2 * 9 / 3
            await client.answer(event.request_id)
            await place.until(lambda: queue.deleted == ["m1"])

    run(scene(), 20)


def test_a_message_that_comes_again_while_at_work_is_not_handed_out_twice() -> None:
    """B5: the delete goes out under the newest receipt."""

    async def scene() -> None:
        queue = ScriptedQueue([raw(1)], [raw(1) | {"ReceiptHandle": "newer"}, raw(2)])
        async with work(queue, context={"max_concurrency": 2}) as place:
            one, two = await place.client(), await place.client()
            events = [await place.take(one), await place.take(two)]
            assert [event.json["Records"][0]["messageId"] for event in events] == ["m1", "m2"]
            for client, event in zip((one, two), events, strict=True):
                await client.answer(event.request_id)
            await place.until(lambda: sorted(queue.deleted) == ["m1", "m2"])
        assert sorted(queue.receipts_deleted) == ["newer", "r2"]

    run(scene())


def test_the_deadline_is_the_functions_or_the_end_of_the_lease() -> None:
    """B10: dispatch plus timeout, never past 12 h from the receive."""

    async def scene() -> None:
        queue = ScriptedQueue([raw(1)], [raw(2)])
        async with work(queue, context={"timeout_seconds": 50_000.0}) as place:
            client = await place.client()
            event = await place.take(client)
            left = int(event.headers["lambda-runtime-deadline-ms"]) / 1000 - time.time()
            assert 43_100 < left <= 43_140
            await client.answer(event.request_id)
            await place.until(lambda: queue.deleted == ["m1"])

    run(scene())


def test_nothing_is_received_for_an_app_that_does_not_start() -> None:
    """A11, B12: a receive that nobody can use would only add to the receive counts."""

    async def scene() -> None:
        queue = ScriptedQueue([raw(1)])
        async with work(queue, start_seconds=0.4) as place:
            client = await place.client()
            await client.post("/2018-06-01/runtime/init/error", json.dumps({"errorType": "x"}).encode())
            await place.ended
        assert queue.asked == []
        assert place.ended.result() == 1

    run(scene())


def test_messages_of_an_event_that_no_client_took_are_released_at_once() -> None:
    """B12: the app asked once and went away in silence, so its event was never seen."""

    async def scene() -> None:
        queue = ScriptedQueue()
        async with work(queue, context={"ready_timeout_seconds": 0.4}) as place:
            client = await place.client()
            asking = asyncio.ensure_future(place.take(client))
            await place.until(lambda: place.place.api.parked_count == 1)
            asking.cancel()
            await client.close()
            queue.batches.append([raw(1)])
            queue.wait.set()
            await place.ended
        assert queue.changed == [("m1", 0)]
        assert place.ended.result() == 1
        assert any("no Lambda runtime client asked" in note for note in place.notes())

    run(scene())
