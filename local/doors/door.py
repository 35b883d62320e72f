"""One door: a listening socket here, a connection there for each client."""

import asyncio
import contextlib
import os
import socket
import struct

from local.advice import LocalError
from local.doors.place import Place, socket_at

CHUNK = 1 << 16
BACKLOG = 128
AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER by which closing resets: the other side sees a broken connection, not a short answer."""


class Door:
    """An open door; made by `open_door`, to be closed in the same event loop."""

    def __init__(self, listen: Place, to: Place, namespace: int | None) -> None:
        self.listen, self.to = listen, to
        self._namespace, self._closed = namespace, False
        self._server: asyncio.Server | None = None
        self._passing: set[asyncio.Task[None]] = set()

    async def serve(self, listening: socket.socket) -> None:
        """Take over this listening socket."""
        port: int = listening.getsockname()[1]
        self.listen = Place(host=self.listen.host, port=port, namespace=self.listen.namespace)
        self._server = await asyncio.start_server(self._knock, sock=listening, backlog=BACKLOG)

    async def close(self) -> None:
        """Stop listening and cut whoever is passing; again is nothing."""
        if self._closed or self._server is None:
            return
        self._closed = True
        self._server.close()
        for task in self._passing:
            task.cancel()
        await asyncio.gather(*self._passing, return_exceptions=True)
        if self._namespace is not None:
            os.close(self._namespace)

    async def _knock(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if self._closed or task is None:  # it was accepted while the door closed
            _cut(writer)
            return
        self._passing.add(task)
        try:
            await self._pass(reader, writer)
        except (asyncio.CancelledError, OSError):  # the door closes, or one side broke off: the other must hear of it
            _cut(writer)
        finally:
            self._passing.discard(task)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry bytes both ways until both sides have said their last."""
        there = socket_at(self._namespace, self.to.host)
        try:
            there.setblocking(False)
            await asyncio.get_running_loop().sock_connect(there, (self.to.host, self.to.port))
        except BaseException:
            there.close()
            raise
        answers, questions = await asyncio.open_connection(sock=there)
        try:
            await asyncio.gather(_carry(reader, questions), _carry(answers, writer))
            questions.close()
            writer.close()
        except BaseException:
            _cut(questions)
            raise


async def open_door(listen: Place, to: Place) -> Door:
    """Listen in one namespace and connect each client to a server of another.

    The namespace it leads to is held open from now on, so it stays the same one when a process id is used again.

    Raises:
        LocalError: a namespace cannot be entered or the address is taken.
    """
    namespace: int | None = None
    try:
        namespace = to.held()
        listening = _listening(listen)
    except OSError as error:
        if namespace is not None:
            os.close(namespace)
        raise LocalError(f"No door can be opened from {listen} to {to}: {error}") from error
    door = Door(listen, to, namespace)
    await door.serve(listening)
    return door


def _listening(place: Place) -> socket.socket:
    namespace = place.held()
    try:
        made = socket_at(namespace, place.host)
    finally:
        if namespace is not None:
            os.close(namespace)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((place.host, place.port))
        made.setblocking(False)
    except OSError:
        made.close()
        raise
    return made


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while chunk := await source.read(CHUNK):
        target.write(chunk)
        await target.drain()
    with contextlib.suppress(OSError):  # the other side may have gone already
        target.write_eof()


def _cut(end: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        end.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
    end.transport.abort()
