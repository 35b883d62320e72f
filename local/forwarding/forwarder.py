"""Listen at one address and forward each connection to another."""

import asyncio
import contextlib
import os
import socket
import struct

from local.advice import LocalError
from local.forwarding.address import Address, socket_at

CHUNK = 1 << 16
BACKLOG = 128
AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER value that makes close() reset the connection; the peer gets an error instead of a truncated response."""


class Forwarder:
    """An open forwarder; create it with `open_forwarder` and close it in the same event loop.

    It uses plain sockets, because an asyncio server loses a client that it accepts just before it closes.
    """

    def __init__(self, listening: socket.socket, listen: Address, to: Address, namespace: int | None) -> None:
        self.listen = Address(host=listen.host, port=listening.getsockname()[1], namespace=listen.namespace)
        self.to = to
        self._namespace = namespace
        self._connections: set[asyncio.Task[None]] = set()
        self._listening: socket.socket | None = listening
        asyncio.get_running_loop().add_reader(listening, self._accept, listening)

    async def close(self) -> None:
        """Close the listener and all connections. This method is idempotent."""
        listening, self._listening = self._listening, None
        if listening is None:
            return
        asyncio.get_running_loop().remove_reader(listening)
        listening.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        if self._namespace is not None:
            os.close(self._namespace)

    def _accept(self, listening: socket.socket) -> None:
        try:
            client, _ = listening.accept()
        except OSError:  # the client has already disconnected
            return
        client.setblocking(False)
        task = asyncio.create_task(self._forward(client))
        self._connections.add(task)

        def done(_: object) -> None:  # also runs if the forwarder closed before the task started
            self._connections.discard(task)
            client.close()

        task.add_done_callback(done)

    async def _forward(self, client: socket.socket) -> None:
        """Copy bytes in both directions until both sides have closed."""
        server = socket_at(self._namespace, self.to.host)
        try:
            for end in (client, server):  # Nagle's algorithm would delay a second write by 40 ms
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            server.setblocking(False)
            await asyncio.get_running_loop().sock_connect(server, (self.to.host, self.to.port))
            async with asyncio.TaskGroup() as both:
                both.create_task(_copy(client, server))
                both.create_task(_copy(server, client))
        except (asyncio.CancelledError, OSError, BaseExceptionGroup):  # the forwarder is closing, or one side failed
            for end in (client, server):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        finally:
            server.close()


async def open_forwarder(listen: Address, to: Address) -> Forwarder:
    """Listen in one namespace and forward each connection to a server in another.

    The forwarder keeps the target namespace open. Otherwise the path could later refer to another namespace, because
    the kernel reuses PIDs.

    Raises:
        LocalError: a namespace cannot be entered or the address is in use.
    """
    namespace: int | None = None
    try:
        namespace = to.open_namespace()
        listening = _listen(listen)
    except OSError as error:
        if namespace is not None:
            os.close(namespace)
        raise LocalError(f"Cannot open a forwarder from {listen} to {to}: {error}") from error
    return Forwarder(listening, listen, to, namespace)


def _listen(address: Address) -> socket.socket:
    namespace = address.open_namespace()
    try:
        made = socket_at(namespace, address.host)
    finally:
        if namespace is not None:
            os.close(namespace)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((address.host, address.port))
        made.listen(BACKLOG)
        made.setblocking(False)
    except OSError:
        made.close()
        raise
    return made


async def _copy(source: socket.socket, target: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    while chunk := await loop.sock_recv(source, CHUNK):
        await loop.sock_sendall(target, chunk)
    with contextlib.suppress(OSError):  # the other side may already have closed
        target.shutdown(socket.SHUT_WR)
