"""The keeper of leases outlives whatever is held and let go."""

import asyncio

from intermodal_runtime.consumer.journal import Journal
from intermodal_runtime.consumer.leases import Leases
from intermodal_runtime.consumer.messages import Message
from intermodal_runtime.consumer.settings import ConsumerSettings
from tests.runtime.consumer.stage import ARN, ScriptedQueue, raw
from tests.runtime.harness import run, until


def test_what_is_let_go_before_the_keeper_woke_does_not_end_it() -> None:
    """A batch that comes during a stop is released at once; the leases of other open work have to go on."""

    async def scene() -> None:
        queue = ScriptedQueue()
        leases = Leases(queue, ConsumerSettings(lease_seconds=3), Journal("f", "main", "ecs", lambda _: None))
        keeping = asyncio.create_task(leases.keep())
        await asyncio.sleep(0)  # it waits for the first message
        first = Message(raw(1), ARN)
        leases.hold([first])
        leases.forget([first])
        await asyncio.sleep(0.01)
        assert not keeping.done()
        leases.hold([Message(raw(2), ARN)])
        await until(lambda: queue.changed == [("m2", 3)])
        keeping.cancel()

    run(scene())
