"""How a pod's main process and its adapter talk: two more routes beside the Runtime API.

And how kubelet and the adapter do. Kubelet stops the app before the adapter, and a runtime client that is process 1
ignores its SIGTERM; told to end too early, it would be started again. So the app's preStop hook asks the adapter, at
the very moment, to answer the parked `/next` with 500.
"""

import asyncio
import json
from collections.abc import Callable, Mapping

from .addresses import DRAIN_PATH, END_PATH, END_PORT, VERDICT_PATH
from .connection import Connection
from .routes import Action
from .wire import ACCEPTED, Request, error_reply, reply


class Control:
    """Parks questions for the verdict until there is one; passes a wish to drain on."""

    def __init__(self, drain: Callable[[], None]) -> None:
        self._drain = drain
        self._asking: set[Connection] = set()
        self._verdict: int | None = None

    @property
    def routes(self) -> Mapping[tuple[str, str], Action]:
        """For the server."""
        return {("GET", VERDICT_PATH): self._ask, ("POST", DRAIN_PATH): self._wish}

    def publish(self, status: int) -> None:
        """Answer everybody who waits, and whoever asks later."""
        self._verdict = status
        while self._asking:
            self._asking.pop().send(_verdict(status))

    @property
    def published(self) -> bool:
        """Whether there is a verdict."""
        return self._verdict is not None

    def _ask(self, _request: Request, connection: Connection) -> bytes | None:
        if self._verdict is not None:
            return _verdict(self._verdict)
        self._asking = {one for one in self._asking if one.alive()} | {connection}
        return None

    def _wish(self, _request: Request, _connection: Connection) -> bytes:
        self._drain()
        return ACCEPTED


def _verdict(status: int) -> bytes:
    return reply(200, json.dumps({"exit": status}).encode())


class EndDoor:
    """Answers kubelet's preStop hook and nothing else, and only once there is a verdict: before, work may be open."""

    def __init__(self, control: Control, end: Callable[[], None]) -> None:
        self.function_arn = ""
        self._control, self._end = control, end

    async def open(self, port: int = END_PORT) -> asyncio.Server:
        """Listen on every address of the pod, of both families."""
        connections: set[Connection] = set()
        loop = asyncio.get_running_loop()
        return await loop.create_server(lambda: Connection(self, connections), None, port)

    def handle(self, request: Request, _connection: Connection) -> bytes:
        """End the runtime, or refuse."""
        if request.path != END_PATH:
            return error_reply(404, "ResourceNotFound", f"{request.method} {request.path} is not here")
        if not self._control.published:
            return error_reply(400, "TooEarly", "The adapter is at work; stop the pod's main process")
        self._end()
        return ACCEPTED

    def lost(self, connection: Connection) -> None:
        """Nothing is parked here."""
