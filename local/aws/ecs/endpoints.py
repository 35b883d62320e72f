"""What a task reaches at 169.254.170.2: credentials of its role, metadata (version 4), and the agent."""

import json
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, dict[str, Any]]
Ask = Callable[[str, str, bytes], Answer]
"""Answers method, what follows the token in the path, and body."""


class Endpoints:
    """One server for all tasks of an emulator: a token that cannot be guessed says who asks."""

    def __init__(self) -> None:
        self._routes: dict[tuple[str, str], Ask] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True, name="ecs-endpoints")
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens, on the machine's loopback."""
        return int(self._server.server_address[1])

    def add(self, kind: str, token: str, ask: Ask) -> None:
        """Answer for a token of `/kind/token`."""
        self._routes[kind, token] = ask

    def remove(self, kind: str, token: str) -> None:
        """Forget a token; again is nothing."""
        self._routes.pop((kind, token), None)

    def close(self) -> None:
        """Stop the server."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        """Answer one request."""
        kind, _, rest = path.partition("?")[0].strip("/").partition("/")
        if kind == "v2":
            _, _, rest = rest.partition("credentials/")
        token, _, rest = rest.partition("/")
        ask = self._routes.get((kind, token))
        if ask is None:
            return 404, {"code": "InvalidIdInRequest", "message": f"No task has what is asked for at {path}"}
        return ask(method, rest, body)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        answer = self.answer

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _reply(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, document = answer(self.command, self.path, body)
                payload = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            do_GET = do_PUT = do_POST = _reply  # noqa: N815 - names of the standard library

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
                """Say nothing of every request."""

        return Handler


@dataclass(kw_only=True)
class Identity:
    """The tokens of one task, and who answers for them."""

    names: tuple[str, ...]
    """Of its containers."""
    credentials: Ask
    metadata: Callable[[str | None], Ask]
    """By container, for one token."""
    agent: Ask
    credentials_id: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    tokens: Mapping[str, str] = field(init=False, repr=False)
    docker_ids: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tokens = {name: secrets.token_urlsafe(24) for name in self.names}

    def open(self, endpoints: Endpoints) -> None:
        """Answer from now on."""
        endpoints.add("v2", self.credentials_id, self.credentials)
        for name, token in self.tokens.items():
            endpoints.add("v4", token, self.metadata(name))
            endpoints.add("api", token, self.agent)

    def started(self, name: str, docker_id: str) -> None:
        """Remember a container's id."""
        self.docker_ids[name] = docker_id

    def close(self, endpoints: Endpoints) -> None:
        """Answer no more."""
        endpoints.remove("v2", self.credentials_id)
        for token in self.tokens.values():
            endpoints.remove("v4", token)
            endpoints.remove("api", token)
