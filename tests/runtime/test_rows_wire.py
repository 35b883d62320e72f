"""Rows A1-A18 of the Runtime API contract, on the wire, with a raw client (as Go, Node and Rust clients talk)."""

import asyncio
import base64
import json
import socket
import time
import uuid

import pytest

from intermodal_runtime import RuntimeNotReadyError
from intermodal_runtime.api import MAX_RESPONSE_BYTES
from tests.runtime.harness import NEXT, Client, Harness, request, serving, until

RESPONSE = "/2018-06-01/runtime/invocation/{}/response"


def chunked(path: str, chunks: list[bytes], trailers: dict[str, str] | None = None, *headers: str) -> bytes:
    """A chunked POST, as Go sends every answer."""
    names = ", ".join(trailers or {})
    lines = [f"POST {path} HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", f"Trailer: {names}", *headers]
    body = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n"
    end = "".join(f"{name}: {value}\r\n" for name, value in (trailers or {}).items())
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body + end.encode() + b"\r\n"


async def test_a01_address_is_a_plain_ipv4_host_and_port(harness: Harness) -> None:
    host, port = harness.server.address.split(":")
    assert (host, int(port)) == ("127.0.0.1", harness.server.port)
    await (await harness.client()).close()


async def test_a02_next_parks_without_a_byte_until_an_event_comes(harness: Harness) -> None:
    client = await harness.client()
    await client.send(NEXT)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.reader.read(1), 0.2)
    assert harness.api.parked_count == 1
    pending = asyncio.ensure_future(harness.api.invoke(b'{"n": 1}'))
    reply = await client.read()
    assert (reply.status, reply.json) == (200, {"n": 1})
    await client.answer(reply.request_id)
    assert (await pending).ok


async def test_a03_event_carries_type_length_and_all_four_context_headers_in_one_write() -> None:
    async with serving(timeout_seconds=7) as harness:
        before = time.time_ns() // 1_000_000
        _, reply, pending = await harness.event(b'{"a": 1}')
        headers = reply.headers
        assert headers["content-length"] == "8"
        uuid.UUID(reply.request_id)
        assert 6_900 <= int(headers["lambda-runtime-deadline-ms"]) - before <= 8_000
        assert headers["lambda-runtime-invoked-function-arn"] == harness.context.arn
        assert headers["lambda-runtime-trace-id"].startswith("Root=1-")
        assert reply.first_packet.endswith(b'{"a": 1}')  # headers and body together
        pending.cancel()  # type: ignore[attr-defined]


async def test_a03_sockets_do_not_delay_small_packets(harness: Harness) -> None:
    await (await harness.client()).ask(request("GET", "/2018-06-01/ping"))
    (connection,) = harness.server._connections
    assert connection._transport is not None
    sock = connection._transport.get_extra_info("socket")
    assert int(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)) == 1


async def test_a03_deadline_never_passes_the_callers_own(harness: Harness) -> None:
    latest = time.time_ns() // 1_000_000 + 5_000
    client, reply, pending = await harness.event(timeout_seconds=900, deadline_ms=latest)
    assert int(reply.headers["lambda-runtime-deadline-ms"]) == latest
    await client.answer(reply.request_id)
    assert (await pending).ok


async def test_a04_optional_headers_are_sent_only_when_not_empty(harness: Harness) -> None:
    optional = {"lambda-runtime-client-context", "lambda-runtime-cognito-identity", "lambda-runtime-aws-tenant-id"}
    client, reply, _ = await harness.event()
    assert not optional & set(reply.headers)
    await client.answer(reply.request_id)
    _, reply, _ = await harness.event(client_context="{}", cognito_identity='{"a":1}', tenant_id="acme")
    assert {name: reply.headers[name] for name in sorted(optional)} == {
        "lambda-runtime-aws-tenant-id": "acme",
        "lambda-runtime-client-context": "{}",
        "lambda-runtime-cognito-identity": '{"a":1}',
    }
    with pytest.raises(ValueError, match="one line"):
        await harness.api.invoke(b"", tenant_id="a\r\nX: y")


async def test_a05_request_id_is_fresh_for_every_dispatch(harness: Harness) -> None:
    ids = set()
    for _ in range(5):
        client, reply, pending = await harness.event(b"same")
        ids |= {reply.request_id, reply.headers["lambda-runtime-invocation-id"]}
        await client.answer(reply.request_id)
        assert (await pending).request_id == reply.request_id
    assert len(ids) == 10


@pytest.mark.parametrize("kind", ["response", "error"])
async def test_a06_answers_are_acknowledged_with_202_and_json(harness: Harness, kind: str) -> None:
    client, reply, pending = await harness.event()
    acknowledgement = await client.answer(reply.request_id, b'"done"', kind=kind)
    assert (acknowledgement.status, acknowledgement.json) == (202, {"status": "OK"})
    result = await pending
    assert (result.ok, result.payload) == (kind == "response", b'"done"')


async def test_a07_chunked_streaming_body_with_empty_trailers_byte_by_byte_on_one_connection(harness: Harness) -> None:
    client, reply, pending = await harness.event()
    path = RESPONSE.format(reply.request_id)
    mode = "Lambda-Runtime-Function-Response-Mode: streaming"
    for byte in chunked(path, [b'{"a"', b": 1}"], {"X-Other": "y"}, mode):
        await client.send(bytes([byte]))
    assert (await client.read()).status == 202
    result = await pending
    assert (result.ok, result.payload) == (True, b'{"a": 1}')
    pending = asyncio.ensure_future(harness.api.invoke(b"2"))
    assert (await client.ask(NEXT)).body == b"2"  # keep-alive
    pending.cancel()


async def test_a07_pipelined_requests_are_answered_in_order(harness: Harness) -> None:
    client = await harness.client()
    await client.send(NEXT + request("GET", "/2018-06-01/ping") + request("GET", "/nowhere"))
    await until(lambda: harness.api.parked_count == 1)
    pending = asyncio.ensure_future(harness.api.invoke(b'"event"'))
    replies = [await client.read() for _ in range(3)]
    assert [(reply.status, reply.body[:7]) for reply in replies[:2]] == [(200, b'"event"'), (200, b"pong")]
    assert replies[2].status == 404
    pending.cancel()


async def test_a07_http_1_0_and_connection_close_end_the_connection(harness: Harness) -> None:
    for ending in (b" HTTP/1.0\r\n\r\n", b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"):
        client = await harness.client()
        assert (await client.ask(b"GET /2018-06-01/ping" + ending)).body == b"pong"
        assert await client.reader.read() == b""


async def test_a07_expect_continue_is_granted_and_an_upgrade_offer_declined(harness: Harness) -> None:
    client, reply, pending = await harness.event()
    path = RESPONSE.format(reply.request_id)
    head, _, body = request("POST", path, b'"big"', "Expect: 100-continue").partition(b"\r\n\r\n")
    assert (await client.ask(head + b"\r\n\r\n")).status == 100
    assert (await client.ask(body)).status == 202
    assert (await pending).payload == b'"big"'
    client, reply, pending = await harness.event()
    upgrade = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk")
    path = RESPONSE.format(reply.request_id)
    assert (await client.ask(request("POST", path, b'"java"', *upgrade))).status == 202
    assert (await pending).payload == b'"java"'


@pytest.mark.parametrize(
    "garbage",
    [b"\x16\x03\x01\x02\x00", b"GET / HTTP/1.1\r\nbad header\r\n\r\n", b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n"],
)
async def test_a07_malformed_requests_get_400_and_harm_nobody(harness: Harness, garbage: bytes) -> None:
    client, reply, pending = await harness.event()
    other = await harness.client()
    assert (await other.ask(garbage)).status == 400
    assert await other.reader.read() == b""
    await client.answer(reply.request_id)
    assert (await pending).ok


async def test_a07_endless_headers_are_cut_off(harness: Harness) -> None:
    client = await harness.client()
    await client.send(b"GET / HTTP/1.1\r\nX: ")
    for _ in range(40):
        client.writer.write(b"x" * 65536)
    assert (await client.read()).status == 431


@pytest.mark.parametrize(
    ("trailers", "expected"),
    [
        (
            {
                "Lambda-Runtime-Function-Error-Type": "Runtime.StreamError",
                "Lambda-Runtime-Function-Error-Body": base64.b64encode(
                    b'{"errorMessage":"cut","errorType":"x"}'
                ).decode(),
            },
            ("Runtime.StreamError", "cut"),
        ),
        ({"Lambda-Runtime-Function-Error-Type": "Runtime.StreamError"}, ("Runtime.StreamError", "")),
        (
            {
                "Lambda-Runtime-Function-Error-Type": "E",
                "Lambda-Runtime-Function-Error-Body": "not base64!",
            },
            ("E", ""),
        ),
    ],
)
async def test_a08_error_trailer_fails_an_accepted_response(
    harness: Harness, trailers: dict[str, str], expected: tuple[str, str]
) -> None:
    client, reply, pending = await harness.event()
    sent = chunked(RESPONSE.format(reply.request_id), [b"half an ans"], trailers)
    assert (await client.ask(sent)).status == 202
    result = await pending
    assert (result.ok, result.error_type, result.error_message) == (False, *expected)
    assert json.loads(result.payload)["errorMessage"] == expected[1]


async def test_a09_unknown_and_second_answers_get_400_and_change_nothing(harness: Harness) -> None:
    client, reply, pending = await harness.event()
    for kind in ("response", "error"):
        refused = await client.answer(str(uuid.uuid4()), kind=kind)
        assert (refused.status, refused.json["errorType"]) == (400, "InvalidRequestID")
    await client.answer(reply.request_id, b'"first"')
    assert (await client.answer(reply.request_id, b'"second"', kind="error")).status == 400
    assert (await pending).payload == b'"first"'


async def test_a09_late_answer_after_the_deadline_gets_202_and_is_dropped(harness: Harness) -> None:
    client, reply, pending = await harness.event(timeout_seconds=0.05)
    result = await pending
    assert (result.error_type, result.timed_out) == ("Sandbox.Timedout", True)
    expected = f"RequestId: {reply.request_id} Error: Task timed out after 0.05 seconds"
    assert json.loads(result.payload) == {"errorType": "Sandbox.Timedout", "errorMessage": expected}
    assert (await client.answer(reply.request_id, b'"late"')).status == 202
    pending = asyncio.ensure_future(harness.api.invoke(b'"next"'))
    assert (await client.ask(NEXT)).body == b'"next"'
    pending.cancel()


async def test_a09_second_next_while_an_event_is_open_means_the_runtime_died(harness: Harness) -> None:
    _, _, pending = await harness.event()
    reborn = await harness.client()
    await reborn.send(NEXT)
    result = await pending
    assert (result.ok, result.error_type, result.dispatched) == (False, "Runtime.ExitError", True)
    following = asyncio.ensure_future(harness.api.invoke(b'"other"'))
    reply = await reborn.read()
    assert reply.body == b'"other"'  # not the same event again
    await reborn.answer(reply.request_id)
    assert (await following).ok


@pytest.mark.parametrize(("extra", "status"), [(0, 202), (1, 413)])
async def test_a10_answers_above_6_mib_are_413_and_an_error(harness: Harness, extra: int, status: int) -> None:
    client, reply, pending = await harness.event()
    size = MAX_RESPONSE_BYTES + extra
    assert (await client.answer(reply.request_id, b"x" * size)).status == status
    result = await pending
    if extra:
        assert result.error_type == "Function.ResponseSizeTooLarge"
        assert f"({size} bytes)" in result.error_message
    else:
        assert (result.ok, len(result.payload)) == (True, size)
    assert MAX_RESPONSE_BYTES == 6 * 1024 * 1024 + 100


async def test_a10_what_is_above_the_limit_is_not_kept(harness: Harness) -> None:
    client, reply, pending = await harness.event()
    await client.send(
        f"POST {RESPONSE.format(reply.request_id)} HTTP/1.1\r\nHost: x\r\n"
        f"Content-Length: {MAX_RESPONSE_BYTES * 4}\r\n\r\n".encode()
    )
    (connection,) = harness.server._connections
    await client.send(b"x" * MAX_RESPONSE_BYTES * 3)
    await until(lambda: connection._size == MAX_RESPONSE_BYTES * 3)
    assert connection._chunks == []
    assert (await client.ask(b"x" * MAX_RESPONSE_BYTES)).status == 413
    assert not (await pending).ok


async def test_a11_init_error_fails_what_waits_in_the_clients_words(harness: Harness) -> None:
    pending = asyncio.ensure_future(harness.api.invoke(b"{}"))
    ready = asyncio.ensure_future(harness.api.wait_ready())
    client = await harness.client()
    body = b'{"errorMessage":"no module","errorType":"Runtime.ImportModuleError","stackTrace":[]}'
    reply = await client.post("/2018-06-01/runtime/init/error", body)
    assert (reply.status, reply.json) == (202, {"status": "OK"})
    result = await pending
    assert (result.error_type, result.error_message) == ("Runtime.ImportModuleError", "no module")
    assert (result.payload, result.dispatched) == (body, False)
    with pytest.raises(RuntimeNotReadyError, match=r"Runtime\.ImportModuleError: no module"):
        await ready


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        ((), b'{"errorType":"ValueError","errorMessage":"a"}', "ValueError"),
        (("Lambda-Runtime-Function-Error-Type: Runtime.Bad",), b"{}", "Runtime.Bad"),
        (("Lambda-Runtime-Function-Error-Type: unhandled",), b'{"errorType":"Panic"}', "Panic"),
        ((), b"not json \xff", "Function.Unknown"),
        ((), b"", "Function.Unknown"),
        ((), b'{"errorType":{"odd":1}}', '{"odd": 1}'),
    ],
)
async def test_a12_error_type_comes_from_body_or_header(
    harness: Harness, headers: tuple[str, ...], body: bytes, expected: str
) -> None:
    client, reply, pending = await harness.event()
    assert (await client.answer(reply.request_id, body, *headers, kind="error")).status == 202
    result = await pending
    assert (result.ok, result.error_type) == (False, expected)
    assert result.payload == body if body else json.loads(result.payload)["errorType"] == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"stackTrace": ["a", "b"]}, ("a", "b")),
        ({"trace": ["node"]}, ("node",)),
        ({"stackTrace": "one\ntwo"}, ("one", "two")),
        ({"stackTrace": [{"line": 1}]}, ('{"line": 1}',)),
        ({}, ()),
    ],
)
async def test_a13_stack_is_read_from_either_key(
    harness: Harness, fields: dict[str, object], expected: tuple[str, ...]
) -> None:
    client, reply, pending = await harness.event()
    await client.answer(reply.request_id, json.dumps(fields).encode(), kind="error")
    assert (await pending).stack_trace == expected


async def test_a14_extensions_register_and_their_next_parks(harness: Harness) -> None:
    client = await harness.client()
    name = "Lambda-Extension-Name: noop"
    reply = await client.post("/2020-01-01/extension/register", b'{"events":[]}', name)
    assert reply.status == 200
    uuid.UUID(reply.headers["lambda-extension-identifier"])
    assert reply.json["functionName"] == "scan"
    await client.send(b"GET /2020-01-01/extension/event/next HTTP/1.1\r\nHost: x\r\n\r\n")
    runtime, event, pending = await harness.event()
    await runtime.answer(event.request_id)
    assert (await pending).ok  # an extension takes no events
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.reader.read(1), 0.1)


async def test_a15_logs_and_telemetry_are_declined_kindly_and_ping_pongs(harness: Harness) -> None:
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


async def test_a16_a_lost_worker_among_several_fails_its_own_event_only() -> None:
    async with serving(max_concurrency=2) as worker:
        first, reply, healthy = await worker.event(b"1")
        second, _, dying = await worker.event(b"2")
        await second.close()
        reborn = await worker.client()
        await reborn.send(NEXT)
        assert (await dying).error_type == "Runtime.ExitError"
        await first.answer(reply.request_id)
        assert (await healthy).ok


async def test_a17_an_answer_with_another_invocation_id_closes_nothing(harness: Harness) -> None:
    client, reply, pending = await harness.event()
    header = "Lambda-Runtime-Invocation-Id: "
    crossed = await client.answer(reply.request_id, b'"crossed"', header + str(uuid.uuid4()))
    assert crossed.status == 202  # a refusal would end the client
    assert harness.api.open_count == 1
    own = reply.headers["lambda-runtime-invocation-id"]
    await client.answer(reply.request_id, b'"own"', header + own)
    assert (await pending).payload == b'"own"'


async def test_a18_no_runtime_client_fails_with_advice() -> None:
    async with serving(ready_timeout_seconds=0.05) as harness:
        with pytest.raises(RuntimeNotReadyError, match="Lambda Web Adapter") as caught:
            await harness.api.wait_ready()
        assert caught.value.error_type == "Runtime.Unavailable"
        results = await asyncio.gather(*(harness.api.invoke(b"{}") for _ in range(3)))
        assert {(one.error_type, one.dispatched) for one in results} == {("Runtime.Unavailable", False)}
        assert "awslambdaric" in results[0].error_message


async def test_a_vanished_client_costs_no_event(harness: Harness) -> None:
    gone, present = await harness.client(), await harness.client()
    await gone.send(NEXT)
    await until(lambda: harness.api.parked_count == 1)
    await present.send(NEXT)
    await until(lambda: harness.api.parked_count == 2)
    # Hang up without giving the server's event loop a turn: only the kernel knows.
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


async def test_invoke_route_is_off_unless_asked_for(harness: Harness) -> None:
    caller = await harness.client()
    await _invoke(caller, b"{}")
    assert (await caller.read()).status == 404
