"""Rows C4-C7 of the contract: task scale-in protection, granted by ECS."""

import asyncio

from intermodal_runtime.consumer import consumer
from tests.runtime.clock import advance, advance_until
from tests.runtime.consumer.agent import Agent
from tests.runtime.consumer.guard import guard, handle_slowly
from tests.runtime.consumer.worker import ScriptedQueue, consuming, make_message


async def test_task_is_protected_only_while_it_works(agent: Agent) -> None:
    """C4, C5: a request has exactly the two fields."""
    protect, _ = guard(agent)
    queue = ScriptedQueue([make_message(1)])
    async with consuming(queue, protect) as worker:
        client = await worker.client()
        event = await worker.take(client)
        assert agent.bodies == [{"ProtectionEnabled": True, "ExpiresInMinutes": 12}]
        await client.answer(event.request_id)
        await advance_until(lambda: len(agent.bodies) == 2)
        assert agent.bodies[1] == {"ProtectionEnabled": False}


async def test_batches_in_a_row_share_one_protection(agent: Agent) -> None:
    """C5: a call per batch would hit the agent's rate limits."""
    protect, _ = guard(agent, linger=30)
    queue = ScriptedQueue([make_message(1)], [make_message(2)], [make_message(3)])
    async with consuming(queue, protect) as worker:
        client = await worker.client()
        for _ in range(3):
            event = await worker.take(client)
            await client.answer(event.request_id)
        await worker.until(lambda: len(queue.deleted) == 3)
        assert len(agent.bodies) == 1


async def test_protection_is_renewed_before_it_expires(agent: Agent) -> None:
    """C5: protection is renewed at half of its duration."""

    protect, _ = guard(agent, linger=0.1, spare_minutes=0.01)
    await protect.begin()
    await advance_until(lambda: len(agent.bodies) >= 3)
    assert all(body["ProtectionEnabled"] for body in agent.bodies)
    protect.end()
    await protect.close()


async def test_sustained_load_drops_protection_between_batches(agent: Agent) -> None:
    """C5: without a rest, neither a deployment nor scaling could ever stop the task."""

    protect, _ = guard(agent, linger=30, turn_seconds=0.3)
    queue = ScriptedQueue(*([make_message(number)] for number in range(4)))
    async with consuming(queue, protect) as worker:
        await handle_slowly(worker, queue, 4)
    states = [body["ProtectionEnabled"] for body in agent.bodies]
    assert states[:5] == [True, False, True, False, True]


async def test_sustained_load_pauses_for_the_scheduler(agent: Agent) -> None:
    """B4: DEPLOYMENT_BLOCKED does not end a rolling update; only an unprotected task can be replaced."""

    protect, _ = guard(agent, linger=30, rest_every_seconds=0.3, rest_seconds=0.8)
    queue = ScriptedQueue(*([make_message(number)] for number in range(4)))
    async with consuming(queue, protect, not_needed_seconds=0.05) as worker:
        await handle_slowly(worker, queue, 4)
        off = next(at for at, body in enumerate(agent.bodies) if not body["ProtectionEnabled"])
        assert agent.times[off + 1] - agent.times[off] >= 0.75
        assert agent.bodies[off + 1]["ProtectionEnabled"]


async def test_workers_in_one_app_pause_together(agent: Agent) -> None:
    """B4: while one of them is busy, the others receive nothing."""

    protect, _ = guard(agent, linger=30, rest_every_seconds=0.1)
    await protect.begin()
    await advance(0.2)
    assert not await protect.may_receive()
    assert [body["ProtectionEnabled"] for body in agent.bodies] == [True]
    protect.end()
    assert not await protect.may_receive()
    assert [body["ProtectionEnabled"] for body in agent.bodies] == [True, False]
    await protect.close()


async def test_task_stops_itself_under_sustained_load() -> None:
    """B4: the service then starts the current revision."""
    queue = ScriptedQueue(*([make_message(number)] for number in range(1000)))
    async with consuming(queue, run_seconds=0.5) as worker:
        client = await worker.client()
        while not worker.ended.done():
            taking = asyncio.create_task(worker.take(client))
            await asyncio.wait([taking, worker.ended], return_when=asyncio.FIRST_COMPLETED)
            await advance(0.05)
            if taking.done():
                await client.answer(taking.result().request_id)
        assert await worker.ended == consumer.ExitStatus.DONE
        assert 0 < len(queue.deleted) < 1000
