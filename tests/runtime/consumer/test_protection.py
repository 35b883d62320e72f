"""Rows C4-C7: task scale-in protection, against an agent of our own."""

import asyncio
import json
import time
from typing import Any

import pytest

from intermodal_runtime.consumer import consumer, protection
from intermodal_runtime.consumer.journal import Journal
from intermodal_runtime.consumer.protection import TaskProtection
from tests.runtime.consumer.agent import OK, Agent
from tests.runtime.consumer.stage import ScriptedQueue, raw, work
from tests.runtime.harness import run, until


def guard(agent: Agent, linger: float = 0.1) -> tuple[TaskProtection, list[dict[str, Any]]]:
    """Protection and what it said."""
    lines: list[dict[str, Any]] = []
    journal = Journal("f", "main", "ecs", 128, lambda line: lines.append(json.loads(line)))
    return TaskProtection(agent.uri, journal, 90.0, linger_seconds=linger), lines


def test_work_is_protected_before_it_is_handed_out_and_let_go_afterwards(agent: Agent) -> None:
    """C4, C5: exactly the two fields, no others."""

    async def scene() -> None:
        protect, _ = guard(agent)
        queue = ScriptedQueue([raw(1)])
        async with work(queue, protect) as place:
            client = await place.client()
            event = await place.take(client)
            assert agent.bodies == [{"ProtectionEnabled": True, "ExpiresInMinutes": 12}]
            await client.answer(event.request_id)
            await until(lambda: len(agent.bodies) == 2)
            assert agent.bodies[1] == {"ProtectionEnabled": False}

    run(scene())


def test_batches_in_a_row_share_one_protection(agent: Agent) -> None:
    """C5: a call per batch would meet the agent's limits."""

    async def scene() -> None:
        protect, _ = guard(agent, linger=30)
        queue = ScriptedQueue([raw(1)], [raw(2)], [raw(3)])
        async with work(queue, protect) as place:
            client = await place.client()
            for _ in range(3):
                event = await place.take(client)
                await client.answer(event.request_id)
            await place.until(lambda: len(queue.deleted) == 3)
            assert len(agent.bodies) == 1

    run(scene())


def test_protection_is_renewed_before_it_expires(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    """C5: at half of its time."""
    monkeypatch.setattr(protection, "SPARE_MINUTES", 0.01)  # 0.6 s

    async def scene() -> None:
        protect, _ = guard(agent, linger=0.1)
        await protect.begin()
        await until(lambda: len(agent.bodies) >= 3)
        assert all(body["ProtectionEnabled"] for body in agent.bodies)
        protect.end()
        await protect.close()

    run(scene())


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((403, {"error": {"Code": "AccessDeniedException"}}), "403"),
        ((500, {}), "500"),
        ((200, {"failure": {"Reason": "DEPLOYMENT_BLOCKED", "Detail": "too many"}}), "DEPLOYMENT_BLOCKED too many"),
    ],
)
def test_a_refusal_is_said_and_the_work_goes_on_unless_ecs_wants_to_end_the_task(
    agent: Agent, answer: tuple[int, Any], said: str
) -> None:
    """C4-C6: also the refusal that looks like a success."""
    agent.answers = [answer]

    async def scene() -> None:
        protect, lines = guard(agent)
        assert await protect.begin() == (not said.startswith("DEPLOYMENT_BLOCKED"))
        assert said in lines[0]["message"]
        protect.end()
        await protect.close()

    run(scene())


def test_an_agent_that_hangs_or_is_gone_costs_a_moment_and_not_the_work(
    agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C5."""
    monkeypatch.setattr(protection, "ANSWER_SECONDS", 0.2)
    agent.delay = 1.0

    async def scene() -> None:
        protect, lines = guard(agent)
        began = time.monotonic()
        await protect.begin()
        assert time.monotonic() - began < 0.9
        assert "failed" in lines[0]["message"]
        protect.end()
        agent.delay = 0.0
        await protect.close()

    run(scene())


def test_one_blip_does_not_disable_it_for_good(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    """C5."""
    monkeypatch.setattr(protection, "AGAIN_SECONDS", 0.1)
    agent.answers = [(500, {}), OK]

    async def scene() -> None:
        protect, _ = guard(agent)
        await protect.begin()
        await until(lambda: len(agent.bodies) == 2)
        await asyncio.sleep(0.3)
        assert len(agent.bodies) == 2  # protected now
        protect.end()
        await protect.close()

    run(scene())


def test_under_a_load_without_end_it_lets_go_between_two_batches_once_in_a_while(
    agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C5: or neither a deployment nor scaling would ever stop the task."""
    monkeypatch.setattr(protection, "TURN_SECONDS", 0.3)

    async def scene() -> None:
        protect, _ = guard(agent, linger=30)
        queue = ScriptedQueue(*([raw(number)] for number in range(4)))
        async with work(queue, protect) as place:
            client = await place.client()
            for _ in range(4):
                event = await place.take(client)
                await asyncio.sleep(0.2)
                await client.answer(event.request_id)
            await place.until(lambda: len(queue.deleted) == 4)
        said = [body["ProtectionEnabled"] for body in agent.bodies]
        assert said[:5] == [True, False, True, False, True]

    run(scene())


def test_a_task_that_ecs_wants_to_end_receives_nothing_until_it_is_wanted_again(
    agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C6: refused between two batches, it leaves the messages to others."""
    monkeypatch.setattr(protection, "TURN_SECONDS", 0.0)
    monkeypatch.setattr(consumer, "UNWANTED_SECONDS", 0.3)
    blocked = (200, {"failure": {"Reason": "DEPLOYMENT_BLOCKED"}})

    async def scene() -> None:
        protect, lines = guard(agent, linger=30)
        queue = ScriptedQueue([raw(1)], [raw(2)])
        async with work(queue, protect) as place:
            client = await place.client()
            first = await place.take(client)
            agent.answers = [OK, blocked, OK, blocked]  # let go, refused, and once more
            await client.answer(first.request_id)
            await until(lambda: len(agent.bodies) == 5)
            assert [len(queue.asked), len(lines)] == [1, 1], "it received, or said the same twice"
            second = await place.take(client)
            await client.answer(second.request_id)
            await place.until(lambda: len(queue.deleted) == 2)

    run(scene())


def test_what_an_idle_task_receives_while_ecs_wants_to_end_it_is_given_back(
    agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C6: begun without protection it would be cut off in the middle."""
    monkeypatch.setattr(consumer, "UNWANTED_SECONDS", 0.1)
    agent.answers = [(200, {"failure": {"Reason": "DEPLOYMENT_BLOCKED"}})]

    async def scene() -> None:
        protect, _ = guard(agent, linger=30)
        queue = ScriptedQueue([raw(1), raw(2)], [raw(1), raw(2)])
        async with work(queue, protect) as place:
            client = await place.client()
            event = await place.take(client)  # of the second receive, once ECS let it be protected
            assert queue.changed == [("m1", 0), ("m2", 0)]
            await client.answer(event.request_id)
            await place.until(lambda: queue.deleted == ["m1", "m2"])

    run(scene())
