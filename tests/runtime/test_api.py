"""The state machine, tested without sockets, ends every event exactly once in any order of steps."""

import asyncio
import gc
import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import intermodal_runtime
from intermodal_runtime import FunctionContext, Invocation, Result, RuntimeApi
from intermodal_runtime.api import ResponseStatus
from tests.runtime.harness import run
from tests.runtime.world import ACTIONS, REPORT, FakeCall, World


async def interleave(concurrency: int, steps: list[tuple[str, int]]) -> None:
    """Execute the steps, then check that every event ended exactly once."""
    problems: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: problems.append(context))
    world = World(concurrency)
    for action, pick in steps:
        world.step(action, pick)
        if action == "tick" or pick % 3 == 0:
            await asyncio.sleep(0)
        assert not (world.api.waiting_count and any(call.is_alive() for call in world.api._pending.parked))
        assert world.api.open_count <= len(world.calls)
    await asyncio.sleep(0)
    world.api.fail_pending("Runtime.ExitError", "the end")
    results = await asyncio.wait_for(asyncio.gather(*world.tasks, return_exceptions=True), 5)
    assert (world.api.open_count, world.api.waiting_count) == (0, 0)
    for result in results:
        assert isinstance(result, Result | asyncio.CancelledError)
    delivered = Counter(call.event.request_id for call in world.calls if call.event)
    assert all(count == 1 for count in delivered.values())
    for result in results:
        if isinstance(result, Result):
            assert result.dispatched == (result.request_id in delivered)
            assert result.payload != b"crossed"
    assert problems == []


@settings(max_examples=300, deadline=None)
@given(
    concurrency=st.integers(1, 3),
    steps=st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, 7)), max_size=40),
)
def test_every_event_ends_exactly_once_in_any_interleaving(concurrency: int, steps: list[tuple[str, int]]) -> None:
    run(interleave(concurrency, steps))


async def test_events_are_served_in_order_of_arrival() -> None:
    world = World(1)
    for pick in range(5):
        world.step("invoke", pick)
    await asyncio.sleep(0)
    for pick in range(5):
        world.step("next", 0)
        event = world.calls[-1].event
        assert event is not None
        assert event.payload == b"%d" % pick
        assert world.api.respond(event.request_id, "", event.payload, 1) is ResponseStatus.ACCEPTED
    assert [(await task).payload for task in world.tasks] == [b"%d" % pick for pick in range(5)]


async def test_event_skips_a_dead_call() -> None:
    world = World(2)
    world.step("next", 0)
    world.step("next", 0)
    world.calls[0].connected = False  # and the API has not been notified
    world.step("invoke", 0)
    await asyncio.sleep(0)
    assert (world.calls[0].event, world.calls[1].event is not None) == (None, True)
    world.api.fail_pending("x", "y")


async def test_more_workers_than_announced_are_accepted() -> None:
    world = World(1)
    for _ in range(2):
        world.step("next", 0)
    for pick in range(2):
        world.step("invoke", pick)
    await asyncio.sleep(0)
    first = world.calls[0].event
    assert first is not None
    world.api.respond(first.request_id, "", b"ok", 2)
    world.step("next", 0)  # worker one asks again while worker two is still busy
    assert world.api.open_count == 1
    world.step("next", 0)  # a third call: one of them must have died
    assert world.api.open_count == 0
    assert (await world.tasks[1]).error_type == "Runtime.ExitError"


async def test_a_waiting_event_ends_at_its_callers_deadline() -> None:
    world = World(1)
    soon = time.time_ns() // 1_000_000 + 30
    result = await world.api.invoke(b"", deadline_ms=soon)
    assert (result.error_type, result.dispatched, world.api.waiting_count) == ("Sandbox.Timedout", False, 0)


async def test_event_behind_a_busy_client_outlasts_readiness() -> None:
    api = RuntimeApi(FunctionContext(), ready_timeout_seconds=0.05)
    call = FakeCall()
    api.next(call)
    busy = asyncio.ensure_future(api.invoke(b"1"))
    waiting = asyncio.ensure_future(api.invoke(b"2"))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(waiting), 0.15)
    assert call.event is not None
    api.respond(call.event.request_id, "", b"", 0)
    assert (await busy).ok
    assert (await waiting).error_type == "Runtime.Unavailable"  # no worker is busy or asking


async def test_shutdown_fails_events_that_do_not_finish_in_time() -> None:
    world = World(1)
    world.step("next", 0)
    world.step("invoke", 0)
    await asyncio.sleep(0)
    await world.api.shutdown(0.02)
    assert (await world.tasks[0]).error_type == "Sandbox.Failure"


async def test_long_run_does_not_leak_events() -> None:
    world = World(1)
    for _ in range(3000):
        task = asyncio.ensure_future(world.api.invoke(b"x", timeout_seconds=100))
        call = FakeCall()
        world.api.next(call)
        await asyncio.sleep(0)
        world.api.fail_pending("x", "y")
        await task
    assert len(world.api._pending._abandoned) <= 1024
    gc.collect()
    assert sum(isinstance(one, Invocation) for one in gc.get_objects()) < 100


async def test_cancelled_call_drops_the_late_response() -> None:
    world = World(1)
    world.step("next", 0)
    world.step("invoke", 0)
    world.step("invoke", 1)
    await asyncio.sleep(0)
    for task in world.tasks:
        task.cancel()
    await asyncio.wait(world.tasks)
    assert (world.api.open_count, world.api.waiting_count) == (0, 0)
    event = world.calls[0].event
    assert event is not None
    assert world.api.respond(event.request_id, "", b"late", 4) is ResponseStatus.ACCEPTED


@pytest.mark.parametrize(("concurrency", "left_open"), [(1, 0), (2, 1)])
async def test_init_error_fails_an_event_no_other_worker_may_hold(concurrency: int, left_open: int) -> None:
    world = World(concurrency)
    world.step("next", 0)
    world.step("invoke", 0)
    await asyncio.sleep(0)
    world.api.init_error(REPORT)
    assert world.api.open_count == left_open
    world.api.fail_pending("x", "y")
    assert (await world.tasks[0]).error_type == "E"


def test_context_with_invalid_headers_lists_every_problem() -> None:
    with pytest.raises(ValueError, match=r"name must not be empty.*memory_mib must be above 0, got 0") as caught:
        FunctionContext(name="a\nb", memory_mib=0, timeout_seconds=0)
    assert "timeout_seconds" in str(caught.value)


def test_public_names_load_on_first_use() -> None:
    for name in intermodal_runtime.__all__:
        assert getattr(intermodal_runtime, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        intermodal_runtime.nothing  # noqa: B018
