"""Our server with events always waiting, as an adapter has them under load.

Run as `python -m bench.runtime.ours EVENTS WARM_UP -- CLIENT…`; it prints the seconds that EVENTS events took.
"""

import asyncio
import sys
import time

from bench.runtime.event import EVENT
from intermodal_runtime import FunctionContext, ProcessRunner, RuntimeApi, serve

WAITING = 4
"""Events in hand at a time, so that the client never waits for the next one."""


async def measure(events: int, warm_up: int, client: list[str]) -> float:
    """Seconds for `events` events through a real runtime client."""
    api = RuntimeApi(FunctionContext(name="bench", timeout_seconds=60))
    server = await serve(api)
    runner = ProcessRunner(api, server.address, client)
    await runner.start()
    try:
        await pass_through(api, warm_up)
        started = time.perf_counter()
        await pass_through(api, events)
        return time.perf_counter() - started
    finally:
        await runner.close()
        await server.close()


async def pass_through(api: RuntimeApi, events: int) -> None:
    """Invoke this many times, a few at a time."""

    async def worker(count: int) -> None:
        for _ in range(count):
            result = await api.invoke(EVENT)
            if not result.ok:
                raise RuntimeError(result.error_message)

    await asyncio.gather(*(worker(events // WAITING) for _ in range(WAITING)))


if __name__ == "__main__":
    print(asyncio.run(measure(int(sys.argv[1]), int(sys.argv[2]), sys.argv[4:])))
