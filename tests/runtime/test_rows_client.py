"""The rows of the contract that the real Python runtime client (awslambdaric 4.2.2) covers."""

import asyncio
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from intermodal_runtime import Result, RuntimeNotReadyError
from intermodal_runtime.api import MAX_RESPONSE_BYTES
from tests.runtime.harness import Harness, serving, until


def decode_result(result: Result) -> Any:
    """Return the handler's return value."""
    assert result.ok, result
    return json.loads(result.payload)


async def test_a01_a03_a04_handler_gets_event_and_context() -> None:
    async with serving(memory_mib=512, timeout_seconds=7) as harness, harness.ric("app.echo"):
        await harness.api.wait_ready()
        trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"
        result = await harness.api.invoke(b'{"n": 1}', trace_id=trace, client_context='{"custom":{"k":"v"}}')
        seen = decode_result(result)
        assert seen["event"] == {"n": 1}
        assert seen["request_id"] == result.request_id
        assert seen["arn"] == "arn:aws:lambda:us-east-1:000000000000:function:scan"
        assert (seen["name"], seen["memory"], seen["trace"]) == ("scan", "512", trace)
        assert seen["client"] == {"k": "v"}
        assert 5_000 < seen["remaining_ms"] <= 7_000
        assert 0 < result.duration_ms < 7_000
        assert decode_result(await harness.api.invoke(b"[]"))["client"] is None


async def test_a02_idle_client_stays_connected(harness: Harness) -> None:
    async with harness.ric("app.echo") as process:
        await harness.api.wait_ready()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(process.wait(), 0.5)
        assert (await harness.api.invoke(b"{}")).ok


async def test_a05_a06_one_process_handles_many_events(harness: Harness) -> None:
    async with harness.ric("app.echo"):
        results = await asyncio.gather(*(harness.api.invoke(b"%d" % number) for number in range(200)))
        assert [decode_result(one)["event"] for one in results] == list(range(200))
        assert len({decode_result(one)["pid"] for one in results}) == 1
        assert len({one.request_id for one in results}) == 200


async def test_a09_late_response_keeps_the_client(harness: Harness, tmp_path: Path) -> None:
    async with harness.ric("app.slow") as process:
        await harness.api.wait_ready()
        flag = tmp_path / "go"
        event = json.dumps({"until": str(flag)}).encode()
        assert (await harness.api.invoke(event, timeout_seconds=0.1)).timed_out
        flag.touch()
        assert decode_result(await harness.api.invoke(event)) == "late"
        assert process.returncode is None


async def test_a09_client_dying_during_a_run_fails_its_event(harness: Harness) -> None:
    async with harness.ric("app.leave") as process:
        pending = asyncio.ensure_future(harness.api.invoke(b"{}"))
        assert await process.wait() == 3
        assert not pending.done()  # off Lambda nothing notifies the server
    async with harness.ric("app.leave"):
        assert (await pending).error_type == "Runtime.ExitError"
        assert decode_result(await harness.api.invoke(b'{"leave": false}')) == "stayed"


async def test_a10_a_response_at_the_limit_passes_and_above_it_fails(harness: Harness) -> None:
    async with harness.ric("app.large"):
        at_limit = json.dumps({"bytes": MAX_RESPONSE_BYTES}).encode()
        assert len((await harness.api.invoke(at_limit)).payload) == MAX_RESPONSE_BYTES
        above = json.dumps({"bytes": MAX_RESPONSE_BYTES + 1}).encode()
        assert (await harness.api.invoke(above)).error_type == "Function.ResponseSizeTooLarge"


@pytest.mark.parametrize(
    ("handler", "error_type"),
    [
        ("nowhere.handler", "Runtime.ImportModuleError"),
        ("app.absent", "Runtime.HandlerNotFound"),
        ("broken.handler", "RuntimeError"),
    ],
)
async def test_a11_handler_import_failure_is_an_init_error(harness: Harness, handler: str, error_type: str) -> None:
    async with harness.ric(handler) as process:
        with pytest.raises(RuntimeNotReadyError) as caught:
            await harness.api.wait_ready()
        assert caught.value.error_type == error_type
        assert await process.wait() == 1
        # The owner reports the exit, which is explained by the client's earlier error.
        pending = asyncio.ensure_future(harness.api.invoke(b"{}"))
        await asyncio.sleep(0)
        assert harness.api.fail_pending("Runtime.ExitError", "Runtime exited with error: exit status 1") == 1
        assert (await pending).error_type == error_type


async def test_a12_a13_handler_error_is_read_and_the_client_continues(harness: Harness) -> None:
    async with harness.ric("app.fail"):
        for what in ("soup", "bread"):
            result = await harness.api.invoke(json.dumps({"what": what}).encode())
            assert (result.ok, result.error_type, result.error_message) == (False, "ValueError", f"no {what}")
            assert any("app.py" in line for line in result.stack_trace)
            assert json.loads(result.payload)["requestId"] == result.request_id


async def test_a16_a_client_with_two_workers_takes_two_events_at_once(tmp_path: Path) -> None:
    async with serving(max_concurrency=2) as worker, worker.ric("app.slow"):
        flag = tmp_path / "go"
        event = json.dumps({"until": str(flag)}).encode()
        pending = [asyncio.ensure_future(worker.api.invoke(event)) for _ in range(3)]
        await until(lambda: worker.api.open_count == 2)
        assert worker.api.waiting_count == 1
        flag.touch()
        assert [decode_result(await one) for one in pending] == ["late"] * 3


async def test_a17_the_echoed_invocation_id_is_accepted(harness: Harness) -> None:
    async with harness.ric("app.echo"):
        seen: list[str] = []
        real = harness.api.respond

        def respond(request_id: str, invocation_id: str, payload: bytes, size: int, kind: str = "") -> Any:
            seen.append(invocation_id)
            return real(request_id, invocation_id, payload, size, kind)

        harness.api.respond = respond  # type: ignore[method-assign, assignment]
        assert (await harness.api.invoke(b"{}")).ok
        assert len(seen[0]) == 36


async def test_a18_wait_ready_returns_once_the_client_asks(harness: Harness) -> None:
    async with harness.ric("app.echo"):
        started = time.monotonic()
        await harness.api.wait_ready(10)
        assert harness.api.parked_count == 1
        assert time.monotonic() - started < 10


async def test_idle_client_exits_on_500_at_once(harness: Harness) -> None:
    async with harness.ric("app.echo") as process:
        await harness.api.wait_ready()
        harness.api.drain()
        assert await asyncio.wait_for(process.wait(), 3) == 1  # not 139, because the 500 response has a Content-Type
        refused = await harness.api.invoke(b"{}")
        assert (refused.error_type, refused.dispatched) == ("Runtime.Unavailable", False)


async def test_graceful_stop_finishes_the_open_event(harness: Harness, tmp_path: Path) -> None:
    async with harness.ric("app.slow") as process:
        await harness.api.wait_ready()
        flag = tmp_path / "go"
        event = json.dumps({"until": str(flag)}).encode()
        pending = asyncio.ensure_future(harness.api.invoke(event))
        await asyncio.sleep(0)
        ending = asyncio.ensure_future(harness.api.shutdown(5))
        await asyncio.sleep(0)
        assert not ending.done()
        flag.touch()
        assert decode_result(await pending) == "late"
        await ending
        assert await asyncio.wait_for(process.wait(), 3) == 1


def test_client_does_not_inherit_the_test_environment() -> None:
    assert "AWS_LAMBDA_RUNTIME_API" not in os.environ
