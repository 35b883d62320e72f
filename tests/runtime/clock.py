"""Provide an event loop whose clock a test advances."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

T = TypeVar("T")

STEP_SECONDS = 0.05
"""Step size of `advance`; timers that are due within one step run in order."""

ROUNDS = 10
"""Loop iterations per step: enough for a timer, both ends of a connection and the callbacks that follow."""


class SteppedLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock a test can advance; it tracks calls that run in threads."""

    def __init__(self) -> None:
        super().__init__()
        self.advanced = 0.0
        self.in_threads = set[asyncio.Future[Any]]()

    def time(self) -> float:
        """Return the loop's time, including all advances."""
        return super().time() + self.advanced

    def run_in_executor(self, executor: Any, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:  # type: ignore[override]
        """Call a function in a thread and keep its future until it has finished."""
        future = super().run_in_executor(executor, func, *args)
        self.in_threads.add(future)
        future.add_done_callback(self.in_threads.discard)
        return future


def now() -> float:
    """Return the running loop's time; inject this as the clock."""
    return asyncio.get_running_loop().time()


async def advance(seconds: float) -> None:
    """Advance the clock in steps; each step ends when the loop and its threads are idle."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, SteppedLoop)
    left = seconds
    while left > 0:
        loop.advanced += min(STEP_SECONDS, left)
        left -= STEP_SECONDS
        await _settle(loop)


async def advance_until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Advance the clock until the condition holds; raise TimeoutError after these seconds."""
    ends = now() + seconds
    while not condition():
        if now() >= ends:
            raise TimeoutError(f"the condition was not met within {seconds:g} s")
        await advance(STEP_SECONDS)


async def advance_to(awaitable: Awaitable[T], seconds: float = 60.0) -> T:
    """Advance the clock until the awaitable has a result; return it."""
    future = asyncio.ensure_future(awaitable)
    await advance_until(future.done, seconds)
    return await future


async def _settle(loop: SteppedLoop) -> None:
    for _ in range(ROUNDS):
        await asyncio.sleep(0)
        while loop.in_threads:
            await asyncio.wait(list(loop.in_threads))
