"""Rows A1-A7 of the contract: connections, events and event headers in the Runtime API."""

import asyncio
import socket
import time
import uuid

import pytest

from tests.runtime.harness import NEXT, Harness, request, serving, until
from tests.runtime.wire import RESPONSE, chunked_request


async def test_a01_address_is_a_plain_ipv4_host_and_port(harness: Harness) -> None:
    host, port = harness.server.address.split(":")
    assert (host, int(port)) == ("127.0.0.1", harness.server.port)
    await (await harness.client()).close()


async def test_a02_next_parks_silently_until_an_event_arrives(harness: Harness) -> None:
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


async def test_a03_event_is_one_write_with_all_context_headers() -> None:
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


async def test_a03_deadline_is_never_later_than_the_callers(harness: Harness) -> None:
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
    with pytest.raises(ValueError, match="must not contain line breaks"):
        await harness.api.invoke(b"", tenant_id="a\r\nX: y")


async def test_a05_request_id_is_new_for_every_dispatch(harness: Harness) -> None:
    ids = set()
    for _ in range(5):
        client, reply, pending = await harness.event(b"same")
        ids |= {reply.request_id, reply.headers["lambda-runtime-invocation-id"]}
        await client.answer(reply.request_id)
        assert (await pending).request_id == reply.request_id
    assert len(ids) == 10


@pytest.mark.parametrize("kind", ["response", "error"])
async def test_a06_responses_are_acknowledged_with_202_and_json(harness: Harness, kind: str) -> None:
    client, reply, pending = await harness.event()
    acknowledgement = await client.answer(reply.request_id, b'"done"', kind=kind)
    assert (acknowledgement.status, acknowledgement.json) == (202, {"status": "OK"})
    result = await pending
    assert (result.ok, result.payload) == (kind == "response", b'"done"')


async def test_a07_chunked_body_is_read_byte_by_byte(harness: Harness) -> None:
    client, reply, pending = await harness.event()
    path = RESPONSE.format(reply.request_id)
    mode = "Lambda-Runtime-Function-Response-Mode: streaming"
    for byte in chunked_request(path, [b'{"a"', b": 1}"], {"X-Other": "y"}, mode):
        await client.send(bytes([byte]))
    assert (await client.read()).status == 202
    result = await pending
    assert (result.ok, result.payload) == (True, b'{"a": 1}')
    pending = asyncio.ensure_future(harness.api.invoke(b"2"))
    assert (await client.ask(NEXT)).body == b"2"  # keep-alive
    pending.cancel()


async def test_a07_pipelined_requests_get_responses_in_order(harness: Harness) -> None:
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


async def test_a07_expect_continue_is_granted_and_upgrade_declined(harness: Harness) -> None:
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
async def test_a07_malformed_requests_get_400_and_affect_no_others(harness: Harness, garbage: bytes) -> None:
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
