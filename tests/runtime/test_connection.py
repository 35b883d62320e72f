"""A request that is repeated byte for byte is parsed once, and no other bytes match it."""

from tests.runtime.harness import NEXT, Harness, request


async def test_body_that_looks_like_a_request_is_a_body(harness: Harness) -> None:
    client, event, pending = await harness.event()
    path = f"/2018-06-01/runtime/invocation/{event.request_id}/response"
    head = request("POST", path, NEXT)[: -len(NEXT)]
    await client.send(head)
    await client.send(NEXT)
    assert (await client.read()).status == 202
    assert (await pending).payload == NEXT
    assert harness.api.parked_count == 0


async def test_usual_request_is_served_every_time(harness: Harness) -> None:
    client = await harness.client()
    ping = b"GET /2018-06-01/ping HTTP/1.1\r\nHost: x\r\n\r\n"
    for _ in range(3):
        assert (await client.ask(ping)).body == b"pong"
    await client.send(ping[:20])
    assert (await client.ask(ping[20:])).body == b"pong"
    assert (await client.ask(ping.replace(b"ping", b"none"))).status == 404
    assert (await client.ask(ping)).body == b"pong"


async def test_usual_request_can_close_the_connection(harness: Harness) -> None:
    client = await harness.client()
    closing = b"GET /2018-06-01/ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert (await client.ask(closing)).body == b"pong"
    assert await client.reader.read() == b""


async def test_usual_request_without_end_closes_the_connection(harness: Harness) -> None:
    client = await harness.client()
    for _ in range(3):
        await client.send(NEXT)
    await client.send(NEXT * 20)
    assert await client.reader.read() == b""
