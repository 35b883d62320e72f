"""Rows C4-C7 of the contract: ECS refuses task scale-in protection, or the agent fails."""

import json
import time
from typing import Any

import pytest

from intermodal_runtime.consumer import ecs_agent
from intermodal_runtime.consumer.ecs_agent import ProtectionStatus
from intermodal_runtime.consumer.protection import Intervals
from tests.runtime.clock import advance, advance_to, advance_until
from tests.runtime.consumer.agent import OK, Agent
from tests.runtime.consumer.guard import NOT_VALID, guard
from tests.runtime.consumer.worker import ScriptedQueue, consuming, make_message

AGENT_SECONDS = 4.0
"""The agent's timeout for ECS (amazon-ecs-agent, task_server_setup.go)."""


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((403, {"error": {"Code": "AccessDeniedException"}}), "403"),
        ((500, {}), "500"),
        ((200, {"failure": {"Reason": "DEPLOYMENT_BLOCKED", "Detail": "too many"}}), "DEPLOYMENT_BLOCKED too many"),
    ],
)
async def test_refused_protection_is_logged_and_work_continues(
    agent: Agent, answer: tuple[int, Any], message: str
) -> None:
    """C4-C6: this includes a refusal that looks like a success."""
    agent.answers = [answer]

    protect, lines = guard(agent)
    assert await protect.begin() == (not message.startswith("DEPLOYMENT_BLOCKED"))
    assert message in lines[0]["message"]
    protect.end()
    await protect.close()


async def test_missing_or_hanging_agent_does_not_stop_work(agent: Agent) -> None:
    """Covers C5."""
    agent.delay = 1.0

    protect, lines = guard(agent, answer_seconds=0.2)
    began = time.monotonic()
    await protect.begin()
    assert time.monotonic() - began < 0.9
    assert "cannot enable task protection" in lines[0]["message"]
    protect.end()
    agent.delay = 0.0
    await protect.close()


async def test_one_error_does_not_disable_protection(agent: Agent) -> None:
    """Covers C5."""
    agent.answers = [(500, {}), OK]

    protect, _ = guard(agent, retry_seconds=0.1)
    await protect.begin()
    await advance_until(lambda: len(agent.bodies) == 2)
    await advance(2.0)
    assert len(agent.bodies) == 2  # the task is protected now
    protect.end()
    await protect.close()


async def test_task_marked_for_stop_receives_nothing(agent: Agent) -> None:
    """C6: if protection is refused between two batches, the messages are left to other tasks."""
    blocked = (200, {"failure": {"Reason": "DEPLOYMENT_BLOCKED"}})

    protect, lines = guard(agent, linger=30, turn_seconds=0.0)
    queue = ScriptedQueue([make_message(1)], [make_message(2)])
    async with consuming(queue, protect, not_needed_seconds=0.3) as worker:
        client = await worker.client()
        first = await worker.take(client)
        agent.answers = [OK, blocked, OK, blocked]  # released, refused, and tried once more
        await client.answer(first.request_id)
        await advance_until(lambda: len(agent.bodies) == 5)
        assert [len(queue.asked), len(lines)] == [1, 1], "it received messages, or logged the same line twice"
        second = await advance_to(worker.take(client))
        await client.answer(second.request_id)
        await worker.until(lambda: len(queue.deleted) == 2)


async def test_idle_task_marked_for_stop_releases_messages(agent: Agent) -> None:
    """C6: work started without protection would be interrupted."""
    agent.answers = [(200, {"failure": {"Reason": "DEPLOYMENT_BLOCKED"}})]

    protect, _ = guard(agent, linger=30)
    queue = ScriptedQueue([make_message(1), make_message(2)], [make_message(1), make_message(2)])
    async with consuming(queue, protect, not_needed_seconds=0.1) as worker:
        client = await worker.client()
        event = await advance_to(worker.take(client))  # from the second receive, once ECS granted protection
        assert queue.changed == [("m1", 0), ("m2", 0)]
        await client.answer(event.request_id)
        await worker.until(lambda: queue.deleted == ["m1", "m2"])


@pytest.mark.parametrize(
    ("status", "body", "reply"),
    [
        (200, {"protection": {"ProtectionEnabled": True}}, ProtectionStatus.GRANTED),
        (200, {"failure": {"Reason": "DEPLOYMENT_BLOCKED"}}, ProtectionStatus.REFUSED),
        (200, {"failure": {"Reason": "TASK_NOT_VALID"}}, ProtectionStatus.REFUSED),
        (200, {"failure": {"Reason": "MISSING"}}, ProtectionStatus.REFUSED),
        (400, {"error": {"Code": "ResourceNotFoundException"}}, ProtectionStatus.REFUSED),
        (400, {"error": {"Code": "ClusterNotFoundException"}}, ProtectionStatus.REFUSED),
        (400, {"error": {"Code": "AccessDeniedException"}}, ProtectionStatus.FAILED),
        (400, {"error": {"Code": "ThrottlingException"}}, ProtectionStatus.FAILED),
        (500, {"error": {"Code": "ServerException"}}, ProtectionStatus.FAILED),
        (502, "bad gateway", ProtectionStatus.FAILED),
        (500, None, ProtectionStatus.FAILED),
    ],
)
def test_each_agent_response_is_interpreted(status: int, body: Any, reply: ProtectionStatus) -> None:
    """B5: a response that means "not protected" is not an error to ignore."""
    assert ecs_agent.parse_response(status, json.dumps(body)).status is reply


async def test_task_without_a_service_receives_nothing(agent: Agent) -> None:
    """B5: the service is deleted or draining, and ECS may stop the task at any moment."""

    protect, lines = guard(agent, linger=30, turn_seconds=0.0)
    queue = ScriptedQueue([make_message(1)], [make_message(2)])
    async with consuming(queue, protect, not_needed_seconds=0.05) as worker:
        client = await worker.client()
        first = await worker.take(client)
        agent.always = NOT_VALID
        await client.answer(first.request_id)
        await advance_until(lambda: len(agent.bodies) >= 6)
        assert len(queue.asked) == 1
    assert [line["message"] for line in lines] == [
        "cannot enable task protection: TASK_NOT_VALID; this task does not receive messages until ECS protects it"
    ]


async def test_errors_outlasting_the_protection_stop_receives(agent: Agent) -> None:
    """B5: after failed renewals the task may be unprotected; one success resumes receives."""

    protect, _ = guard(agent, linger=30, timeout=60.0, spare_minutes=0, uncertain_seconds=2.0, retry_seconds=0.5)
    await protect.begin()
    agent.always = (500, {})
    protect.end()
    await protect.begin()
    protect.end()
    assert await protect.may_receive()  # a single error so far
    await advance(2.5)
    assert not await protect.may_receive()
    agent.always = OK
    await advance(0.6)
    assert await protect.may_receive()
    await protect.close()


async def test_role_without_permission_keeps_working(agent: Agent) -> None:
    """B5: interrupted messages are redelivered; a lane that handles no messages is worse."""
    agent.always = (403, {"error": {"Code": "AccessDeniedException"}})

    protect, _ = guard(agent, linger=30, uncertain_seconds=0.1)
    assert await protect.begin()
    await advance(0.3)
    protect.end()
    assert await protect.may_receive()
    await protect.close()


async def test_a_refusal_is_not_lifted_by_an_error(agent: Agent) -> None:
    """B5: only ECS can lift a refusal."""
    agent.answers = [NOT_VALID]
    agent.always = (500, {})

    protect, _ = guard(agent, linger=30, retry_seconds=0.0)
    assert not await protect.begin()
    protect.end()
    assert not await protect.may_receive()
    await protect.close()


async def test_stopping_task_logs_no_warning(agent: Agent) -> None:
    """F8: ECS refuses to change the protection of a stopping task."""
    agent.answers = [OK, NOT_VALID]

    protect, lines = guard(agent, linger=30)
    await protect.begin()
    protect.end()
    await protect.close()
    assert (len(agent.bodies), lines) == (2, [])


async def test_agent_may_respond_within_four_seconds(agent: Agent) -> None:
    """B10: the timeout is the agent's own; with a shorter one, adapter and agent would disagree."""
    assert Intervals().answer_seconds > AGENT_SECONDS
    agent.delay = 0.2

    protect, lines = guard(agent, linger=30, answer_seconds=2.0)
    assert await protect.begin()
    assert lines == []
    agent.delay = 0.0
    protect.end()
    await protect.close()


async def test_failed_release_of_protection_is_retried(agent: Agent) -> None:
    """An idle task that stays protected for a whole run delays every pause and deployment."""
    agent.answers = [OK, (500, {}), (500, {})]

    protect, _ = guard(agent, retry_seconds=0.1)
    await protect.begin()
    protect.end()
    await advance_until(lambda: len(agent.bodies) >= 4)
    assert [body["ProtectionEnabled"] for body in agent.bodies] == [True, False, False, False]
    await advance(2.0)
    assert len(agent.bodies) == 4, "it was released"
    await protect.close()
