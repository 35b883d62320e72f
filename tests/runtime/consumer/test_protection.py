"""Rows C4-C7: task scale-in protection, against an agent of our own."""

import asyncio
import json
import time
from typing import Any

import pytest

from intermodal_runtime.consumer import consumer, ecs_agent, protection
from intermodal_runtime.consumer.ecs_agent import Reply
from intermodal_runtime.consumer.journal import Journal
from intermodal_runtime.consumer.protection import TaskProtection
from tests.runtime.consumer.agent import OK, Agent
from tests.runtime.consumer.worker import ScriptedQueue, Worker, consuming, raw
from tests.runtime.harness import until


def guard(agent: Agent, linger: float = 0.1, timeout: float = 90.0) -> tuple[TaskProtection, list[dict[str, Any]]]:
    """Protection and what it said."""
    lines: list[dict[str, Any]] = []
    journal = Journal("f", "main", "ecs", 128, lambda line: lines.append(json.loads(line)))
    return TaskProtection(agent.uri, journal, timeout, linger_seconds=linger), lines


async def handle_slowly(worker: Worker, queue: ScriptedQueue, events: int) -> None:
    """Handle events one after the other, each for 0.2 s, until all are deleted."""
    client = await worker.client()
    for _ in range(events):
        event = await worker.take(client)
        await asyncio.sleep(0.2)
        await client.answer(event.request_id)
    await worker.until(lambda: len(queue.deleted) == events)


async def test_work_is_protected_before_it_is_handed_out_and_let_go_afterwards(agent: Agent) -> None:
    """C4, C5: exactly the two fields, no others."""
    protect, _ = guard(agent)
    queue = ScriptedQueue([raw(1)])
    async with consuming(queue, protect) as worker:
        client = await worker.client()
        event = await worker.take(client)
        assert agent.bodies == [{"ProtectionEnabled": True, "ExpiresInMinutes": 12}]
        await client.answer(event.request_id)
        await until(lambda: len(agent.bodies) == 2)
        assert agent.bodies[1] == {"ProtectionEnabled": False}


async def test_batches_in_a_row_share_one_protection(agent: Agent) -> None:
    """C5: a call per batch would meet the agent's limits."""
    protect, _ = guard(agent, linger=30)
    queue = ScriptedQueue([raw(1)], [raw(2)], [raw(3)])
    async with consuming(queue, protect) as worker:
        client = await worker.client()
        for _ in range(3):
            event = await worker.take(client)
            await client.answer(event.request_id)
        await worker.until(lambda: len(queue.deleted) == 3)
        assert len(agent.bodies) == 1


async def test_protection_is_renewed_before_it_expires(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    """C5: at half of its time."""
    monkeypatch.setattr(protection, "SPARE_MINUTES", 0.01)  # 0.6 s

    protect, _ = guard(agent, linger=0.1)
    await protect.begin()
    await until(lambda: len(agent.bodies) >= 3)
    assert all(body["ProtectionEnabled"] for body in agent.bodies)
    protect.end()
    await protect.close()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((403, {"error": {"Code": "AccessDeniedException"}}), "403"),
        ((500, {}), "500"),
        ((200, {"failure": {"Reason": "DEPLOYMENT_BLOCKED", "Detail": "too many"}}), "DEPLOYMENT_BLOCKED too many"),
    ],
)
async def test_a_refusal_is_said_and_the_work_goes_on_unless_ecs_wants_to_end_the_task(
    agent: Agent, answer: tuple[int, Any], said: str
) -> None:
    """C4-C6: also the refusal that looks like a success."""
    agent.answers = [answer]

    protect, lines = guard(agent)
    assert await protect.begin() == (not said.startswith("DEPLOYMENT_BLOCKED"))
    assert said in lines[0]["message"]
    protect.end()
    await protect.close()


async def test_an_agent_that_hangs_or_is_gone_costs_a_moment_and_not_the_work(
    agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C5."""
    monkeypatch.setattr(ecs_agent, "ANSWER_SECONDS", 0.2)
    agent.delay = 1.0

    protect, lines = guard(agent)
    began = time.monotonic()
    await protect.begin()
    assert time.monotonic() - began < 0.9
    assert "failed" in lines[0]["message"]
    protect.end()
    agent.delay = 0.0
    await protect.close()


async def test_one_blip_does_not_disable_it_for_good(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    """C5."""
    monkeypatch.setattr(protection, "AGAIN_SECONDS", 0.1)
    agent.answers = [(500, {}), OK]

    protect, _ = guard(agent)
    await protect.begin()
    await until(lambda: len(agent.bodies) == 2)
    await asyncio.sleep(0.3)
    assert len(agent.bodies) == 2  # protected now
    protect.end()
    await protect.close()


async def test_under_a_load_without_end_it_lets_go_between_two_batches_once_in_a_while(
    agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C5: or neither a deployment nor scaling would ever stop the task."""
    monkeypatch.setattr(protection, "TURN_SECONDS", 0.3)

    protect, _ = guard(agent, linger=30)
    queue = ScriptedQueue(*([raw(number)] for number in range(4)))
    async with consuming(queue, protect) as worker:
        await handle_slowly(worker, queue, 4)
    said = [body["ProtectionEnabled"] for body in agent.bodies]
    assert said[:5] == [True, False, True, False, True]


async def test_a_task_that_ecs_wants_to_end_receives_nothing_until_it_is_wanted_again(
    agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C6: refused between two batches, it leaves the messages to others."""
    monkeypatch.setattr(protection, "TURN_SECONDS", 0.0)
    monkeypatch.setattr(consumer, "UNWANTED_SECONDS", 0.3)
    blocked = (200, {"failure": {"Reason": "DEPLOYMENT_BLOCKED"}})

    protect, lines = guard(agent, linger=30)
    queue = ScriptedQueue([raw(1)], [raw(2)])
    async with consuming(queue, protect) as worker:
        client = await worker.client()
        first = await worker.take(client)
        agent.answers = [OK, blocked, OK, blocked]  # let go, refused, and once more
        await client.answer(first.request_id)
        await until(lambda: len(agent.bodies) == 5)
        assert [len(queue.asked), len(lines)] == [1, 1], "it received, or said the same twice"
        second = await worker.take(client)
        await client.answer(second.request_id)
        await worker.until(lambda: len(queue.deleted) == 2)


async def test_what_an_idle_task_receives_while_ecs_wants_to_end_it_is_given_back(
    agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C6: begun without protection it would be cut off in the middle."""
    monkeypatch.setattr(consumer, "UNWANTED_SECONDS", 0.1)
    agent.answers = [(200, {"failure": {"Reason": "DEPLOYMENT_BLOCKED"}})]

    protect, _ = guard(agent, linger=30)
    queue = ScriptedQueue([raw(1), raw(2)], [raw(1), raw(2)])
    async with consuming(queue, protect) as worker:
        client = await worker.client()
        event = await worker.take(client)  # of the second receive, once ECS let it be protected
        assert queue.changed == [("m1", 0), ("m2", 0)]
        await client.answer(event.request_id)
        await worker.until(lambda: queue.deleted == ["m1", "m2"])


NOT_VALID = (200, {"failure": {"Arn": "arn", "Reason": "TASK_NOT_VALID"}})


async def test_under_endless_load_a_task_rests_for_the_scheduler(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    """B4: DEPLOYMENT_BLOCKED does not end a rolling update; only an unprotected task can be replaced."""
    monkeypatch.setattr(protection, "REST_EVERY_SECONDS", 0.3)
    monkeypatch.setattr(protection, "REST_SECONDS", 0.8)
    monkeypatch.setattr(consumer, "UNWANTED_SECONDS", 0.05)

    protect, _ = guard(agent, linger=30)
    queue = ScriptedQueue(*([raw(number)] for number in range(4)))
    async with consuming(queue, protect) as worker:
        await handle_slowly(worker, queue, 4)
        off = next(at for at, body in enumerate(agent.bodies) if not body["ProtectionEnabled"])
        assert agent.times[off + 1] - agent.times[off] >= 0.75
        assert agent.bodies[off + 1]["ProtectionEnabled"]


async def test_workers_of_one_app_come_to_rest_together(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    """B4: while one of them works the others receive nothing more."""
    monkeypatch.setattr(protection, "REST_EVERY_SECONDS", 0.1)

    protect, _ = guard(agent, linger=30)
    await protect.begin()
    await asyncio.sleep(0.2)
    assert not await protect.wanted()
    assert [body["ProtectionEnabled"] for body in agent.bodies] == [True]
    protect.end()
    assert not await protect.wanted()
    assert [body["ProtectionEnabled"] for body in agent.bodies] == [True, False]
    await protect.close()


async def test_a_task_ends_by_itself_under_endless_load() -> None:
    """B4: its service then starts the current revision."""
    queue = ScriptedQueue(*([raw(number)] for number in range(1000)))
    async with consuming(queue, run_seconds=0.5) as worker:
        client = await worker.client()
        while not worker.ended.done():
            taking = asyncio.create_task(worker.take(client))
            await asyncio.wait([taking, worker.ended], return_when=asyncio.FIRST_COMPLETED)
            if taking.done():
                await client.answer(taking.result().request_id)
        assert await worker.ended == consumer.Verdict.DONE
        assert 0 < len(queue.deleted) < 1000


@pytest.mark.parametrize(
    ("status", "body", "reply"),
    [
        (200, {"protection": {"ProtectionEnabled": True}}, Reply.GRANTED),
        (200, {"failure": {"Reason": "DEPLOYMENT_BLOCKED"}}, Reply.REFUSED),
        (200, {"failure": {"Reason": "TASK_NOT_VALID"}}, Reply.REFUSED),
        (200, {"failure": {"Reason": "MISSING"}}, Reply.REFUSED),
        (400, {"error": {"Code": "ResourceNotFoundException"}}, Reply.REFUSED),
        (400, {"error": {"Code": "ClusterNotFoundException"}}, Reply.REFUSED),
        (400, {"error": {"Code": "AccessDeniedException"}}, Reply.FAILED),
        (400, {"error": {"Code": "ThrottlingException"}}, Reply.FAILED),
        (500, {"error": {"Code": "ServerException"}}, Reply.FAILED),
        (502, "bad gateway", Reply.FAILED),
        (500, None, Reply.FAILED),
    ],
)
def test_each_answer_of_the_agent_has_its_meaning(status: int, body: Any, reply: Reply) -> None:
    """B5: what says that this task is not protected is no error to work on with."""
    assert ecs_agent.read(status, json.dumps(body)).reply is reply


async def test_a_task_that_no_service_protects_receives_nothing(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    """B5: its service is gone or draining, and ECS may stop it at any moment."""
    monkeypatch.setattr(protection, "TURN_SECONDS", 0.0)
    monkeypatch.setattr(consumer, "UNWANTED_SECONDS", 0.05)

    protect, lines = guard(agent, linger=30)
    queue = ScriptedQueue([raw(1)], [raw(2)])
    async with consuming(queue, protect) as worker:
        client = await worker.client()
        first = await worker.take(client)
        agent.always = NOT_VALID
        await client.answer(first.request_id)
        await until(lambda: len(agent.bodies) >= 6)
        assert len(queue.asked) == 1
    assert [line["message"] for line in lines] == [
        "task protection on failed: TASK_NOT_VALID; this task receives nothing until ECS protects it"
    ]


async def test_errors_that_outlast_the_protection_stop_the_receiving(
    agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B5: a renewal that keeps failing says nothing good; one success goes on."""
    for name, value in {"SPARE_MINUTES": 0, "DOUBT_SECONDS": 0.2, "AGAIN_SECONDS": 0.05}.items():
        monkeypatch.setattr(protection, name, value)

    protect, _ = guard(agent, linger=30, timeout=60.0)
    await protect.begin()
    agent.always = (500, {})
    protect.end()
    await protect.begin()
    protect.end()
    assert await protect.wanted()  # a blip so far
    await asyncio.sleep(0.3)
    assert not await protect.wanted()
    agent.always = OK
    await asyncio.sleep(0.1)
    assert await protect.wanted()
    await protect.close()


async def test_a_role_that_may_not_protect_works_on(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    """B5: messages that a kill cuts off come back; a lane that handles nothing is worse."""
    monkeypatch.setattr(protection, "DOUBT_SECONDS", 0.1)
    agent.always = (403, {"error": {"Code": "AccessDeniedException"}})

    protect, _ = guard(agent, linger=30)
    assert await protect.begin()
    await asyncio.sleep(0.3)
    protect.end()
    assert await protect.wanted()
    await protect.close()


async def test_a_refusal_is_not_lifted_by_an_error(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    """B5: only ECS lifts it."""
    monkeypatch.setattr(protection, "AGAIN_SECONDS", 0.0)
    agent.answers = [NOT_VALID]
    agent.always = (500, {})

    protect, _ = guard(agent, linger=30)
    assert not await protect.begin()
    protect.end()
    assert not await protect.wanted()
    await protect.close()


async def test_a_task_that_is_stopped_has_nothing_to_warn_of(agent: Agent) -> None:
    """F8: ECS refuses to change the protection of a stopping task."""
    agent.answers = [OK, NOT_VALID]

    protect, lines = guard(agent, linger=30)
    await protect.begin()
    protect.end()
    await protect.close()
    assert (len(agent.bodies), lines) == (2, [])


async def test_the_agent_may_take_its_four_seconds(agent: Agent) -> None:
    """B10: its own limit; an answer that nobody waited for leaves the two of different minds."""
    agent.delay = 4.1

    protect, lines = guard(agent, linger=30)
    assert await protect.begin()
    assert lines == []
    agent.delay = 0.0
    protect.end()
    await protect.close()


async def test_a_protection_that_could_not_be_let_go_is_let_go_later(
    agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An idle task that stays protected for a whole run holds up every pause and deployment."""
    monkeypatch.setattr(protection, "AGAIN_SECONDS", 0.1)
    agent.answers = [OK, (500, {}), (500, {})]

    protect, _ = guard(agent)
    await protect.begin()
    protect.end()
    await until(lambda: len(agent.bodies) >= 4)
    assert [body["ProtectionEnabled"] for body in agent.bodies] == [True, False, False, False]
    await asyncio.sleep(0.5)
    assert len(agent.bodies) == 4, "it was let go"
    await protect.close()
