"""Rows A14-A16 and A18 of the contract: the Runtime API with extensions, several clients, or no client."""

import asyncio
import base64
import socket
import uuid

import pytest

from intermodal_runtime import RuntimeNotReadyError
from tests.runtime.harness import NEXT, Client, Harness, request, serving, until


async def test_a14_extensions_register_and_their_next_call_parks(harness: Harness) -> None:
    client = await harness.client()
    name = "Lambda-Extension-Name: noop"
    reply = await client.post("/2020-01-01/extension/register", b'{"events":[]}', name)
    assert reply.status == 200
    uuid.UUID(reply.headers["lambda-extension-identifier"])
    assert reply.json["functionName"] == "scan"
    await client.send(b"GET /2020-01-01/extension/event/next HTTP/1.1\r\nHost: x\r\n\r\n")
    runtime, event, pending = await harness.event()
    await runtime.answer(event.request_id)
    assert (await pending).ok  # an extension receives no events
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.reader.read(1), 0.1)


async def test_a15_logs_and_telemetry_are_declined_and_ping_works(harness: Harness) -> None:
    client = await harness.client()
    for path, kind in (("/2020-08-15/logs", "Logs"), ("/2022-07-01/telemetry", "Telemetry")):
        reply = await client.post(path, b"{}", method="PUT")
        assert (reply.status, reply.json["errorType"]) == (202, f"{kind}.NotSupported")
    assert (await client.post("/2018-06-01/ping", method="GET")).body == b"pong"
    assert (await client.post("/2018-06-01/ping")).status == 405
    assert (await client.post("/2018-06-01/other")).status == 404


async def test_a16_every_parked_call_takes_one_event() -> None:
    async with serving(max_concurrency=3) as harness:
        clients = [await harness.client() for _ in range(3)]
        for client in clients:
            await client.send(NEXT)
        pending = [asyncio.ensure_future(harness.api.invoke(b"%d" % number)) for number in range(4)]
        replies = [await client.read() for client in clients]
        assert {reply.body for reply in replies} == {b"0", b"1", b"2"}
        assert (harness.api.open_count, harness.api.waiting_count) == (3, 1)
        for client, reply in zip(clients, replies, strict=True):
            await client.answer(reply.request_id, reply.body)
        assert (await clients[1].ask(NEXT)).body == b"3"
        assert [(await one).payload for one in pending[:3]] == [b"0", b"1", b"2"]
        assert not pending[3].done()
        pending[3].cancel()


async def test_a16_lost_worker_fails_only_its_own_event() -> None:
    async with serving(max_concurrency=2) as worker:
        first, reply, healthy = await worker.event(b"1")
        second, _, dying = await worker.event(b"2")
        await second.close()
        reborn = await worker.client()
        await reborn.send(NEXT)
        assert (await dying).error_type == "Runtime.ExitError"
        await first.answer(reply.request_id)
        assert (await healthy).ok


async def test_a18_no_runtime_client_fails_with_advice() -> None:
    async with serving(ready_timeout_seconds=0.05) as harness:
        with pytest.raises(RuntimeNotReadyError, match="Lambda Web Adapter") as caught:
            await harness.api.wait_ready()
        assert caught.value.error_type == "Runtime.Unavailable"
        results = await asyncio.gather(*(harness.api.invoke(b"{}") for _ in range(3)))
        assert {(one.error_type, one.dispatched) for one in results} == {("Runtime.Unavailable", False)}
        assert "awslambdaric" in results[0].error_message


async def test_disconnected_client_loses_no_event(harness: Harness) -> None:
    gone, present = await harness.client(), await harness.client()
    await gone.send(NEXT)
    await until(lambda: harness.api.parked_count == 1)
    await present.send(NEXT)
    await until(lambda: harness.api.parked_count == 2)
    # Disconnect without an iteration of the server's event loop: only the kernel has noticed.
    sock = gone.writer.get_extra_info("socket")
    sock._sock.shutdown(socket.SHUT_RDWR)
    pending = asyncio.ensure_future(harness.api.invoke(b'"kept"'))
    assert (await present.read()).body == b'"kept"'
    pending.cancel()


async def test_a_disconnect_unparks_the_call(harness: Harness) -> None:
    client = await harness.client()
    await client.send(NEXT)
    await until(lambda: harness.api.parked_count == 1)
    await client.close()
    await until(lambda: harness.api.parked_count == 0)


async def _invoke(client: Client, body: bytes, *headers: str) -> None:
    await client.send(request("POST", "/2015-03-31/functions/scan/invocations", body, *headers))


async def test_invoke_route_returns_payload_or_function_error() -> None:
    async with serving(invoke_route=True) as harness:
        caller, runtime = await harness.client(), await harness.client()
        context = base64.b64encode(b'{\n"custom": {"k": "v"}}').decode()
        await _invoke(caller, b'{"n": 1}', f"X-Amz-Client-Context: {context}")
        event = await runtime.ask(NEXT)
        assert event.headers["lambda-runtime-client-context"] == '{"custom": {"k": "v"}}'
        await runtime.answer(event.request_id, b'"fine"')
        reply = await caller.read()
        assert (reply.status, reply.body, reply.headers.get("x-amz-function-error")) == (200, b'"fine"', None)
        await _invoke(caller, b"{}")
        event = await runtime.ask(NEXT)
        await runtime.answer(event.request_id, b'{"errorType":"E"}', kind="error")
        reply = await caller.read()
        assert (reply.status, reply.headers["x-amz-function-error"]) == (200, "Unhandled")
        assert reply.json == {"errorType": "E"}
        for header in ("X-Amz-Client-Context: !", "X-Amz-Invocation-Type: Event"):
            await _invoke(caller, b"{}", header)
            assert (await caller.read()).status == 400


async def test_invoke_route_is_off_by_default(harness: Harness) -> None:
    caller = await harness.client()
    await _invoke(caller, b"{}")
    assert (await caller.read()).status == 404
