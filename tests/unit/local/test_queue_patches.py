"""A long poll returns a message as soon as it arrives, and dead letters are not received."""

import asyncio
import importlib.util
import json
import threading
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from local.aws.patches import queue_dead_letters, queue_long_polling, queue_redrive_policy_text


@pytest.fixture
def sqs() -> ModuleType:
    """Return a patched copy of ministack's module; polling in real time would take a minute."""
    found = importlib.util.find_spec(queue_long_polling.MODULE)
    assert found is not None
    assert found.loader is not None
    copy = importlib.util.module_from_spec(found)
    found.loader.exec_module(copy)
    queue_long_polling.apply(copy, tick_seconds=60)
    queue_dead_letters.apply(copy)
    queue_redrive_policy_text.apply(copy)
    return copy


def queue(sqs: Any, name: str = "q", **attributes: str) -> str:
    url: str = sqs._act_create_queue({"QueueName": name, "Attributes": attributes}, "")["QueueUrl"]
    return url


async def call(sqs: Any, action: str, **parameters: Any) -> Any:
    answer = sqs._HANDLERS[action](parameters, parameters["QueueUrl"])
    return await answer if asyncio.iscoroutine(answer) else answer


async def wait_until_parked(sqs: Any, receives: int) -> None:
    """Return once this many receives are waiting."""
    async with asyncio.timeout(10):
        while len(sqs.esm_wake._parked) < receives:  # noqa: ASYNC110 - the patch has no event for it
            await asyncio.sleep(0)


def test_a_message_wakes_every_parked_receive_of_its_queue(sqs: Any) -> None:
    async def scenario() -> list[Any]:
        url = queue(sqs)
        parked = [asyncio.create_task(call(sqs, "ReceiveMessage", QueueUrl=url, WaitTimeSeconds=20)) for _ in "ab"]
        await wait_until_parked(sqs, 2)
        for text in "ab":
            sending = call(sqs, "SendMessage", QueueUrl=url, MessageBody=text)
            await asyncio.to_thread(asyncio.run, sending)  # like SNS's threads
        async with asyncio.timeout(10):
            return await asyncio.gather(*parked)

    found = asyncio.run(scenario())
    assert sorted(answer["Messages"][0]["Body"] for answer in found) == ["a", "b"]


def test_message_returned_at_once_wakes_receives_too(sqs: Any) -> None:
    async def scenario() -> Any:
        url = queue(sqs)
        await call(sqs, "SendMessage", QueueUrl=url, MessageBody="a")
        (taken,) = (await call(sqs, "ReceiveMessage", QueueUrl=url, VisibilityTimeout=600))["Messages"]
        parked = asyncio.create_task(call(sqs, "ReceiveMessage", QueueUrl=url, WaitTimeSeconds=20))
        await wait_until_parked(sqs, 1)
        await call(
            sqs, "ChangeMessageVisibility", QueueUrl=url, ReceiptHandle=taken["ReceiptHandle"], VisibilityTimeout=0
        )
        async with asyncio.timeout(10):
            return await parked

    assert asyncio.run(scenario())["Messages"][0]["Body"] == "a"


@pytest.mark.parametrize(("asked", "attribute", "seconds"), [(1, "0", 1), (0, "20", 0), (None, "1", 1)])
def test_receive_without_messages_returns_empty_after_the_wait(
    sqs: Any, asked: int | None, attribute: str, seconds: int
) -> None:
    async def scenario() -> tuple[Any, float]:
        url = queue(sqs, ReceiveMessageWaitTimeSeconds=attribute)
        started = time.monotonic()
        wait = {} if asked is None else {"WaitTimeSeconds": asked}
        async with asyncio.timeout(10):
            return await call(sqs, "ReceiveMessage", QueueUrl=url, **wait), time.monotonic() - started

    answer, took = asyncio.run(scenario())
    assert answer == {}
    assert seconds <= took < seconds + 5


def test_mappings_are_still_woken(sqs: Any) -> None:
    mappings = threading.Event()
    wakes = queue_long_polling.Wakes(mappings)
    wakes.set()
    assert mappings.is_set()


def test_message_over_its_receives_becomes_a_dead_letter(sqs: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweep runs too early here, but the message still becomes a dead letter at the receive."""

    async def scenario() -> tuple[list[int], list[str]]:
        dead_url = queue(sqs, name="dead")
        arn = (await call(sqs, "GetQueueAttributes", QueueUrl=dead_url, AttributeNames=["QueueArn"]))["Attributes"]
        policy = json.dumps({"deadLetterTargetArn": arn["QueueArn"], "maxReceiveCount": 2})
        url = queue(sqs, RedrivePolicy=policy)
        sweep = sqs._dlq_sweep
        for text in ("bad", "bad too"):
            await call(sqs, "SendMessage", QueueUrl=url, MessageBody=text)
        counts = []
        for _ in range(3):
            with monkeypatch.context() as patch:
                patch.setattr(sqs, "_dlq_sweep", _skip_first(sweep))
                taken = await call(sqs, "ReceiveMessage", QueueUrl=url, VisibilityTimeout=0, MaxNumberOfMessages=10)
            counts.append(len(taken.get("Messages", [])))
        letters = await call(sqs, "ReceiveMessage", QueueUrl=dead_url, MaxNumberOfMessages=10)
        return counts, [letter["Body"] for letter in letters["Messages"]]

    assert asyncio.run(scenario()) == ([2, 2, 0], ["bad", "bad too"])


def _skip_first(sweep: Callable[[Any], None]) -> Callable[[Any], None]:
    calls = iter([False])
    return lambda found: None if next(calls, None) is False else sweep(found)


@pytest.mark.parametrize("name", ["RedrivePolicy", "RedriveAllowPolicy"])
def test_redrive_policies_are_returned_without_spaces(sqs: Any, name: str) -> None:
    spaced = {
        "RedrivePolicy": '{"deadLetterTargetArn": "arn:aws:sqs:us-east-1:000000000000:dead", "maxReceiveCount": 5}',
        "RedriveAllowPolicy": '{"redrivePermission": "denyAll"}',
    }
    queue(sqs, "dead")
    url = queue(sqs, **{name: spaced[name]})
    found = asyncio.run(call(sqs, "GetQueueAttributes", QueueUrl=url, AttributeNames=["All"]))["Attributes"]
    assert found[name] == spaced[name].replace(" ", "")
