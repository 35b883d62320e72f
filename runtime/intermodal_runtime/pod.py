"""What an adapter can see of the app beside it in a pod, whose processes share one namespace."""

import asyncio
import time
from typing import TYPE_CHECKING

from .api import RuntimeApi
from .errors import ErrorType

if TYPE_CHECKING:
    from .consumer.usage import Source

TICK_SECONDS = 1.0


async def fail_when_app_is_gone(processes: "Source", api: RuntimeApi, seconds: float) -> None:
    """Fail the open event once the app has had no process for so long, again and again until cancelled.

    Kubelet starts an app again, and it then asks for its next event, unless it cannot: the Secret of a lane that has
    moved is gone. Its messages would stay hidden until the time-out of their run. Where no process was ever seen,
    because a runtime shares no namespace, nothing can be told.
    """
    seen, gone_since = False, None
    while True:
        await asyncio.sleep(min(TICK_SECONDS, seconds))
        if not api.open_count:
            gone_since = None
            continue
        if await processes.read() is not None:
            seen, gone_since = True, None
            continue
        gone_since = time.monotonic() if gone_since is None else gone_since
        if seen and time.monotonic() - gone_since >= seconds:
            api.fail_open(ErrorType.EXIT_ERROR, f"Runtime exited and did not come back within {seconds:g} s")
