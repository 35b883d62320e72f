"""Lease renewal keeps working through every acquire and release."""

import asyncio
import json

from intermodal_runtime.consumer.leases import Leases
from intermodal_runtime.consumer.log import ConsumerLog
from intermodal_runtime.consumer.messages import Message
from intermodal_runtime.consumer.queue import QueueUnavailableError
from intermodal_runtime.consumer.settings import ConsumerSettings
from tests.runtime.clock import advance, advance_until, now
from tests.runtime.consumer.worker import ARN, ScriptedQueue, make_message


async def test_early_release_does_not_stop_lease_renewal() -> None:
    """A batch received during a stop is released at once; leases on other open work are still renewed."""
    queue = ScriptedQueue()
    leases = Leases(
        queue, ConsumerSettings(lease_seconds=3), ConsumerLog("f", "main", "ecs", 128, lambda _: None), clock=now
    )
    keeping = asyncio.create_task(leases.keep())
    await advance(0.05)  # the renewal task is waiting for the first message
    first = Message(make_message(1), ARN, received=now())
    leases.hold([first])
    leases.forget([first])
    await advance(0.05)
    assert not keeping.done()
    leases.hold([Message(make_message(2), ARN, received=now())])
    await advance_until(lambda: queue.changed == [("m2", 3)])
    keeping.cancel()


REFUSAL = "InvalidParameterValue: Value 3 for parameter VisibilityTimeout is invalid."


async def test_refused_renewal_is_logged_once_until_one_succeeds() -> None:
    """A role may be missing a permission for hours."""

    lines: list[dict[str, str]] = []
    queue = ScriptedQueue()
    queue.change_answers = [REFUSAL, REFUSAL, QueueUnavailableError("no"), QueueUnavailableError("no"), "", REFUSAL]
    settings = ConsumerSettings(lease_seconds=3)
    log = ConsumerLog("f", "main", "ecs", 128, lambda line: lines.append(json.loads(line)))
    leases = Leases(queue, settings, log, retry_seconds=0.01, clock=now)
    keeping = asyncio.create_task(leases.keep())
    leases.hold([Message(make_message(1), ARN, received=now())])
    await advance_until(lambda: len(queue.changed) == 7, 10)
    keeping.cancel()
    refused = "lease not renewed: InvalidParameterValue " + REFUSAL.partition(": ")[2]
    assert [line["message"] for line in lines] == [refused, "cannot renew leases: no", refused]
