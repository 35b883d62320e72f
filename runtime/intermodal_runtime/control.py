"""Serve the routes that the waiter in a pod or task uses, in addition to the Runtime API."""

import json
from collections.abc import Callable, Mapping

from .addresses import DRAIN_PATH, VERDICT_PATH
from .connection import Connection
from .routes import Action
from .wire import ACCEPTED, Request, build_reply


class Control:
    """The adapter's control routes, which return the exit status once it is known and start a drain."""

    def __init__(self, drain: Callable[[], None]) -> None:
        self._drain = drain
        self._waiting: set[Connection] = set()
        self._verdict: int | None = None

    @property
    def routes(self) -> Mapping[tuple[str, str], Action]:
        """Actions by method and path."""
        return {("GET", VERDICT_PATH): self._get_status, ("POST", DRAIN_PATH): self._post_drain}

    def publish(self, status: int) -> None:
        """Respond to all waiting and later requests with the exit status."""
        self._verdict = status
        while self._waiting:
            self._waiting.pop().send(_build_status_reply(status))

    def _get_status(self, _request: Request, connection: Connection) -> bytes | None:
        if self._verdict is not None:
            return _build_status_reply(self._verdict)
        self._waiting = {one for one in self._waiting if one.is_alive()} | {connection}
        return None

    def _post_drain(self, _request: Request, _connection: Connection) -> bytes:
        self._drain()
        return ACCEPTED


def _build_status_reply(status: int) -> bytes:
    return build_reply(200, json.dumps({"exit": status}).encode())
