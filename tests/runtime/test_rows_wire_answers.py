"""Rows A8-A13 and A17 of the contract: responses and errors in the Runtime API."""

import asyncio
import base64
import json
import uuid

import pytest

from intermodal_runtime import RuntimeNotReadyError
from intermodal_runtime.api import MAX_RESPONSE_BYTES
from tests.runtime.harness import NEXT, Harness, until
from tests.runtime.wire import RESPONSE, chunked_request


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
    sent = chunked_request(RESPONSE.format(reply.request_id), [b"half an ans"], trailers)
    assert (await client.ask(sent)).status == 202
    result = await pending
    assert (result.ok, result.error_type, result.error_message) == (False, *expected)
    assert json.loads(result.payload)["errorMessage"] == expected[1]


async def test_a09_unknown_and_repeated_responses_get_400(harness: Harness) -> None:
    client, reply, pending = await harness.event()
    for kind in ("response", "error"):
        refused = await client.answer(str(uuid.uuid4()), kind=kind)
        assert (refused.status, refused.json["errorType"]) == (400, "InvalidRequestID")
    await client.answer(reply.request_id, b'"first"')
    assert (await client.answer(reply.request_id, b'"second"', kind="error")).status == 400
    assert (await pending).payload == b'"first"'


async def test_a09_late_response_gets_202_and_is_dropped(harness: Harness) -> None:
    client, reply, pending = await harness.event(timeout_seconds=0.05)
    result = await pending
    assert (result.error_type, result.timed_out) == ("Sandbox.Timedout", True)
    expected = f"RequestId: {reply.request_id} Error: Task timed out after 0.05 seconds"
    assert json.loads(result.payload) == {"errorType": "Sandbox.Timedout", "errorMessage": expected}
    assert (await client.answer(reply.request_id, b'"late"')).status == 202
    pending = asyncio.ensure_future(harness.api.invoke(b'"next"'))
    assert (await client.ask(NEXT)).body == b'"next"'
    pending.cancel()


async def test_a09_second_next_during_an_event_means_a_restart(harness: Harness) -> None:
    _, _, pending = await harness.event()
    reborn = await harness.client()
    await reborn.send(NEXT)
    result = await pending
    assert (result.ok, result.error_type, result.dispatched) == (False, "Runtime.ExitError", True)
    following = asyncio.ensure_future(harness.api.invoke(b'"other"'))
    reply = await reborn.read()
    assert reply.body == b'"other"'  # not the same event a second time
    await reborn.answer(reply.request_id)
    assert (await following).ok


@pytest.mark.parametrize(("extra", "status"), [(0, 202), (1, 413)])
async def test_a10_responses_above_6_mib_are_413_and_an_error(harness: Harness, extra: int, status: int) -> None:
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


async def test_a10_oversized_response_is_not_kept(harness: Harness) -> None:
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


async def test_a11_init_error_fails_waiting_events_verbatim(harness: Harness) -> None:
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


async def test_a17_response_with_another_invocation_id_is_ignored(harness: Harness) -> None:
    client, reply, pending = await harness.event()
    header = "Lambda-Runtime-Invocation-Id: "
    crossed = await client.answer(reply.request_id, b'"crossed"', header + str(uuid.uuid4()))
    assert crossed.status == 202  # an error would end the client
    assert harness.api.open_count == 1
    own = reply.headers["lambda-runtime-invocation-id"]
    await client.answer(reply.request_id, b'"own"', header + own)
    assert (await pending).payload == b'"own"'
