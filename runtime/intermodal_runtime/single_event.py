"""Run a single event instead of consuming a queue, for `intermodal run`."""

import asyncio
from collections.abc import Sequence

from .api import RuntimeApi
from .consumer.log import ConsumerLog
from .errors import RuntimeNotReadyError

ANSWERED, FAILED = 0, 1


async def run_single_event(
    api: RuntimeApi, log: ConsumerLog, payload: bytes, ready_seconds: float, stops: Sequence[asyncio.Event]
) -> int:
    """Run the event; return 0 if the app responded, or 1 if it failed, did not start, or was stopped first.

    The response is logged after the report, in lines of type `intermodal.answer`.
    """
    running = asyncio.create_task(_run_event(api, log, payload, ready_seconds))
    waits = [asyncio.create_task(stop.wait()) for stop in stops]
    await asyncio.wait([running, *waits], return_when=asyncio.FIRST_COMPLETED)
    if not running.done():
        await api.shutdown(0)
    for wait in waits:
        wait.cancel()
    return await running


async def _run_event(api: RuntimeApi, log: ConsumerLog, payload: bytes, ready_seconds: float) -> int:
    try:
        await api.wait_ready(ready_seconds)
    except RuntimeNotReadyError as error:
        log.write("ERROR", f"the app does not start: {error}")
        return FAILED
    result = await api.invoke(payload)
    log.report(result, [], {}, 0)
    log.answer(result)
    return ANSWERED if result.ok else FAILED
