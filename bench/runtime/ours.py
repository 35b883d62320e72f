"""Measure the Runtime API server while events are always pending, as in an adapter under load.

`python -m bench.runtime.ours EVENTS WARM_UP -- CLIENT…` prints the duration of EVENTS events in seconds.
"""

import asyncio
import os
import sys
import time

import uvloop

from bench.runtime.event import EVENT
from intermodal_runtime import FunctionContext, ProcessRunner, RuntimeApi, serve

WAITING = 4
"""Number of concurrent events, so that the client never waits for the next one."""


async def measure(events: int, warm_up: int, client: list[str]) -> float:
    """Return how many seconds a runtime client needs for `events` events."""
    api = RuntimeApi(FunctionContext(name="bench", timeout_seconds=60))
    server = await serve(api)
    with open(os.devnull, "wb") as nowhere:  # noqa: ASYNC230, PTH123 - before the measurement
        runner = ProcessRunner(api, server.address, client, stdout=nowhere)
        await runner.start()
    try:
        await pass_through(api, warm_up)
        started = time.perf_counter()
        await pass_through(api, events)
        return time.perf_counter() - started
    finally:
        await runner.kill()
        await server.close()


async def pass_through(api: RuntimeApi, events: int) -> None:
    """Invoke the function `events` times with `WAITING` concurrent invocations."""
    left = iter(range(events))

    async def worker() -> None:
        for _ in left:
            result = await api.invoke(EVENT)
            if not result.ok:
                raise RuntimeError(result.error_message)

    await asyncio.gather(*(worker() for _ in range(WAITING)))


if __name__ == "__main__":
    print(uvloop.run(measure(int(sys.argv[1]), int(sys.argv[2]), sys.argv[4:])))
