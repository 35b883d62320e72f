"""Provide a bounded event loop, a raw HTTP client and a real runtime client for the runtime tests."""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from intermodal_runtime import FunctionContext, ProcessRunner, RuntimeApi, Server, environment, serve
from tests.runtime.clock import SteppedLoop

T = TypeVar("T")

HANDLERS = Path(__file__).parent / "handlers"
PYTHON = sys.executable
NEXT = b"GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: x\r\n\r\n"


def run(coroutine: Coroutine[Any, Any, T], seconds: float = 30.0) -> T:
    """Run a coroutine; fail instead of hanging."""

    async def bounded() -> T:
        task, ends = asyncio.ensure_future(coroutine), time.monotonic() + seconds
        while not task.done():
            left = ends - time.monotonic()  # real time, not the loop's, which the test may advance
            if left <= 0:
                task.cancel()
                raise TimeoutError(f"the test did not finish within {seconds:g} s")
            await asyncio.wait([task], timeout=left)
        return task.result()

    with asyncio.Runner(loop_factory=SteppedLoop) as runner:
        return runner.run(bounded())


async def until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    """Return once the condition is met; raise TimeoutError if it never is."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is watched is another process or plain state
            await asyncio.sleep(0.002)


@dataclass(frozen=True)
class Reply:
    """A complete HTTP response, with header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes
    first_packet: bytes

    @property
    def json(self) -> Any:
        """Return the body, parsed as JSON."""
        return json.loads(self.body)

    @property
    def request_id(self) -> str:
        """Return the event's request ID."""
        return self.headers["lambda-runtime-aws-request-id"]


class Client:
    """A TCP connection that sends bytes unchanged."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self._seen = b""

    async def send(self, data: bytes) -> None:
        """Write bytes unchanged."""
        self.writer.write(data)
        await self.writer.drain()

    async def read(self) -> Reply:
        """Return the next response; fail if it is not `application/json` (fact 1.5)."""
        first = b""
        while b"\r\n\r\n" not in self._seen:
            packet = await self.reader.read(65536)
            if not packet:
                raise ConnectionResetError(f"closed after {self._seen!r}")
            first = first or packet
            self._seen += packet
        head, _, rest = self._seen.partition(b"\r\n\r\n")
        status, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        if status.split()[1] != "100":
            assert headers["content-type"] == "application/json"
        length = int(headers.get("content-length", "0"))
        while len(rest) < length:
            rest += await self.reader.readexactly(length - len(rest))
        self._seen = rest[length:]
        return Reply(int(status.split()[1]), headers, rest[:length], first)

    async def ask(self, data: bytes) -> Reply:
        """Send bytes, then read one response."""
        await self.send(data)
        return await self.read()

    async def post(self, path: str, body: bytes = b"", *headers: str, method: str = "POST") -> Reply:
        """Send a request with Content-Length."""
        return await self.ask(request(method, path, body, *headers))

    async def answer(self, request_id: str, body: bytes = b"{}", *headers: str, kind: str = "response") -> Reply:
        """Post a response or an error."""
        return await self.post(f"/2018-06-01/runtime/invocation/{request_id}/{kind}", body, *headers)

    async def close(self) -> None:
        """Close the connection."""
        self.writer.close()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()


def request(method: str, path: str, body: bytes = b"", *headers: str) -> bytes:
    """Return the bytes of a request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: x", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Harness:
    """A served `RuntimeApi` and its clients."""

    def __init__(self, api: RuntimeApi, server: Server, context: FunctionContext) -> None:
        self.api, self.server, self.context = api, server, context
        self.clients: list[Client] = []

    async def client(self) -> Client:
        """Open a raw connection."""
        host, port = self.server.address.split(":")
        client = Client(*await asyncio.open_connection(host, int(port)))
        self.clients.append(client)
        return client

    async def event(self, payload: bytes = b"{}", **options: Any) -> tuple[Client, Reply, Awaitable[Any]]:
        """Deliver an event to a raw client; return the connection, the `/next` response and the pending Result."""
        client = await self.client()
        pending = asyncio.ensure_future(self.api.invoke(payload, **options))
        return client, await client.ask(NEXT), pending

    @contextlib.asynccontextmanager
    async def ric(self, handler: str, **extra: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """Run the real awslambdaric with a handler from `handlers/`."""
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        env = inherited | environment(self.context, self.server.address) | {"PYTHONPATH": str(HANDLERS)} | extra
        process = await asyncio.create_subprocess_exec(
            *client(handler),
            env=env,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


@contextlib.asynccontextmanager
async def serving(
    *, ready_timeout_seconds: float = 10.0, invoke_route: bool = False, **context: Any
) -> AsyncIterator[Harness]:
    """Serve a `RuntimeApi` on a free port."""
    function = FunctionContext(**{"name": "scan", "timeout_seconds": 10.0, **context})
    api = RuntimeApi(function, ready_timeout_seconds=ready_timeout_seconds)
    server = await serve(api, invoke_route=invoke_route)
    harness = Harness(api, server, function)
    try:
        yield harness
    finally:
        for client in harness.clients:
            await client.close()
        api.fail_pending("Test.Over", "the test is over")
        await server.close()


def client(handler: str) -> list[str]:
    """Return the command that starts the real runtime client."""
    return [PYTHON, "-m", "awslambdaric", handler]


@contextlib.asynccontextmanager
async def runner(command: Sequence[str], ready: float = 10.0, **context: Any) -> AsyncIterator[ProcessRunner]:
    """Start a runner on a free port; check that none of its processes survives."""
    api = RuntimeApi(FunctionContext(**{"timeout_seconds": 10.0, **context}), ready_timeout_seconds=ready)
    server = await serve(api)
    environ = {"PYTHONPATH": str(HANDLERS), "PATH": os.environ["PATH"]}
    one = ProcessRunner(api, server.address, command, environ=environ, stdout=subprocess.DEVNULL)
    try:
        yield one
    finally:
        pid = one.pid
        await one.close()
        await server.close()
        if pid is not None:
            with pytest.raises(ProcessLookupError):
                os.killpg(pid, 0)
