"""One timer serves many deadlines."""

import asyncio
import time

from intermodal_runtime.deadline_timer import NEVER, DeadlineTimer


async def test_timer_fires_for_the_earliest_then_the_next() -> None:
    start = time.monotonic()
    due = [start + 0.02, start + 0.05]
    rung: list[float] = []
    done = asyncio.Event()

    def ring(now: float) -> float:
        while due and due[0] <= now:
            rung.append(now - due.pop(0))
        if not due:
            done.set()
        return due[0] if due else NEVER

    alarm = DeadlineTimer(ring)
    alarm.schedule(due[1])
    alarm.schedule(due[0])
    alarm.schedule(start + 60)  # later than the current one: no second timer
    await done.wait()
    assert len(rung) == 2
    assert all(late >= 0 for late in rung)


async def test_timer_can_be_set_again_after_it_fired() -> None:
    rung = asyncio.Event()

    def ring(_now: float) -> float:
        rung.set()
        return NEVER

    alarm = DeadlineTimer(ring)
    for _ in range(2):
        alarm.schedule(time.monotonic())
        await rung.wait()
        rung.clear()
