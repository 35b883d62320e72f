"""How a pod's main process and its adapter talk: two more routes beside the Runtime API."""

import json
from collections.abc import Callable, Mapping

from .addresses import DRAIN_PATH, VERDICT_PATH
from .connection import Connection
from .routes import Action
from .wire import ACCEPTED, Request, reply


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
