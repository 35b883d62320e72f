"""Serve the Runtime API to runtime clients over HTTP."""

import asyncio
import contextlib
from collections.abc import Mapping

from .api import RuntimeApi
from .connection import Connection
from .invocation import Result
from .routes import Action, Invoke, Routes


class Server:
    """A listening Runtime API server; `address` has the format of AWS_LAMBDA_RUNTIME_API, "host:port"."""

    def __init__(self, api: RuntimeApi, listener: asyncio.Server, connections: set[Connection]) -> None:
        self._api = api
        self._listener = listener
        self._connections = connections
        host, port = listener.sockets[0].getsockname()[:2]
        self.port: int = port
        self.address = f"{host}:{port}"

    async def wait_disconnected(self, seconds: float) -> None:
        """Wait up to `seconds` until no client is connected."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._connections:
                    await next(iter(self._connections)).closed.wait()

    async def close(self) -> None:
        """Respond to idle clients with 500, then stop listening; without the response, clients may retry endlessly.

        Open events stay open; to let them finish, call `RuntimeApi.shutdown` first.
        """
        self._api.drain()
        self._api.dismiss()
        self._listener.close()
        for connection in list(self._connections):
            connection.close()
        await self._listener.wait_closed()


async def serve(
    api: RuntimeApi,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    invoke_route: bool = False,
    invoke: Invoke | None = None,
    more: Mapping[tuple[str, str], Action] | None = None,
) -> Server:
    """Listen on the IPv4 `host` and `port` (0 for any free port); raise OSError if the port is in use.

    `invoke_route` enables `POST /2015-03-31/functions/{name}/invocations`. `invoke` is the function that the route
    calls (default: `api.invoke`), for owners that start processes on demand. `more` contains additional routes by
    method and path.
    """

    async def invoke_api(payload: bytes, client_context: str) -> Result:
        return await api.invoke(payload, client_context=client_context)

    routes = Routes(api, (invoke or invoke_api) if invoke_route else None, more)
    connections: set[Connection] = set()
    loop = asyncio.get_running_loop()
    listener = await loop.create_server(lambda: Connection(routes, connections), host, port, backlog=128)
    return Server(api, listener, connections)
