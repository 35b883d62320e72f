"""The keeper of leases outlives whatever is held and let go."""

import asyncio
import json

from intermodal_runtime.consumer.leases import Leases
from intermodal_runtime.consumer.log import ConsumerLog
from intermodal_runtime.consumer.messages import Message
from intermodal_runtime.consumer.queue import QueueUnavailableError
from intermodal_runtime.consumer.settings import ConsumerSettings
from tests.runtime.clock import advance, advance_until, now
from tests.runtime.consumer.worker import ARN, ScriptedQueue, raw


async def test_what_is_let_go_before_the_keeper_woke_does_not_end_it() -> None:
    """A batch that comes during a stop is released at once; the leases of other open work have to go on."""
    queue = ScriptedQueue()
    leases = Leases(
        queue, ConsumerSettings(lease_seconds=3), ConsumerLog("f", "main", "ecs", 128, lambda _: None), clock=now
    )
    keeping = asyncio.create_task(leases.keep())
    await advance(0.05)  # it waits for the first message
    first = Message(raw(1), ARN, received=now())
    leases.hold([first])
    leases.forget([first])
    await advance(0.05)
    assert not keeping.done()
    leases.hold([Message(raw(2), ARN, received=now())])
    await advance_until(lambda: queue.changed == [("m2", 3)])
    keeping.cancel()


REFUSAL = "InvalidParameterValue: Value 3 for parameter VisibilityTimeout is invalid."


async def test_refused_renewal_is_logged_once_until_one_succeeds() -> None:
    """A role may lack a permission for hours."""

    said: list[dict[str, str]] = []
    queue = ScriptedQueue()
    queue.change_answers = [REFUSAL, REFUSAL, QueueUnavailableError("no"), QueueUnavailableError("no"), "", REFUSAL]
    settings = ConsumerSettings(lease_seconds=3)
    log = ConsumerLog("f", "main", "ecs", 128, lambda line: said.append(json.loads(line)))
    leases = Leases(queue, settings, log, retry_seconds=0.01, clock=now)
    keeping = asyncio.create_task(leases.keep())
    leases.hold([Message(raw(1), ARN, received=now())])
    await advance_until(lambda: len(queue.changed) == 7, 10)
    keeping.cancel()
    refused = "lease not renewed: InvalidParameterValue " + REFUSAL.partition(": ")[2]
    assert [line["message"] for line in said] == [refused, "cannot renew leases: no", refused]
