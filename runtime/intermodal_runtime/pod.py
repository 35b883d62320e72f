"""Watch the app in a pod with a shared process namespace."""

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from .api import RuntimeApi
from .errors import ErrorType

if TYPE_CHECKING:
    from .consumer.exits import App
    from .consumer.usage import Reading, Source

TICK_SECONDS = 1.0
START_TICK_SECONDS = 0.1

EXITED_EARLY = (
    "the app exited before it requested an event ({times} starts so far); check its log, and whether "
    "its image starts a Lambda runtime client"
)


async def count_early_exits(app: "App", api: RuntimeApi) -> None:
    """Count exits of the app's first process before it requests an event; do not count a reported error twice."""
    times, first, reported = 0, None, api.init_errors
    while not api.ready:
        await asyncio.sleep(START_TICK_SECONDS)
        now = app.find_first()
        if first is not None and now != first and not api.ready:
            times += 1
            if api.init_errors == reported:
                api.count_failed_start(ErrorType.EXIT_ERROR, EXITED_EARLY.format(times=times))
            reported = api.init_errors
        first = now


async def fail_when_app_is_gone(
    processes: "Source",
    api: RuntimeApi,
    seconds: float,
    on_reading: "Callable[[Reading], None]" = lambda _: None,
    *,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Fail the open event whenever the app has had no process for `seconds`; run until cancelled.

    The kubelet restarts an app, which then requests its next event. After a move, however, the lane's Secret is deleted
    and the app cannot restart, so its messages would stay hidden until the run times out. Without a shared process
    namespace, no process is visible, and this function does nothing. `on_reading` receives the readings.
    """
    seen, gone_since = False, None
    while True:
        await asyncio.sleep(min(TICK_SECONDS, seconds))
        if not api.open_count:
            gone_since = None
            continue
        if (reading := await processes.read()) is not None:
            on_reading(reading)
            seen, gone_since = True, None
            continue
        gone_since = clock() if gone_since is None else gone_since
        if seen and clock() - gone_since >= seconds:
            api.fail_pending(ErrorType.EXIT_ERROR, f"Runtime exited and did not come back within {seconds:g} s")
