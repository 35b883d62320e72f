"""Serve the task endpoints at 169.254.170.2: role credentials, task metadata (version 4), and the agent API."""

import json
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, dict[str, Any]]
Ask = Callable[[str, str, bytes], Answer]
"""Handler that accepts the method, the path after the token, and the body."""


class Endpoints:
    """HTTP server for all tasks in an emulator; an unguessable token in the path identifies the caller."""

    def __init__(self) -> None:
        self._routes: dict[tuple[str, str], Ask] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True, name="ecs-endpoints")
        self._thread.start()

    @property
    def port(self) -> int:
        """Port on this machine's loopback interface."""
        return int(self._server.server_address[1])

    def add(self, kind: str, token: str, ask: Ask) -> None:
        """Register the handler for `/kind/token`."""
        self._routes[kind, token] = ask

    def remove(self, kind: str, token: str) -> None:
        """Unregister a token's handler. This method is idempotent."""
        self._routes.pop((kind, token), None)

    def close(self) -> None:
        """Stop the server."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        """Return the status and body of the response to a request."""
        kind, _, rest = path.partition("?")[0].strip("/").partition("/")
        if kind == "v2":
            _, _, rest = rest.partition("credentials/")
        token, _, rest = rest.partition("/")
        ask = self._routes.get((kind, token))
        if ask is None:
            return 404, {"code": "InvalidIdInRequest", "message": f"No task owns the path {path}"}
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

            do_GET = do_PUT = do_POST = _reply  # noqa: N815 - the standard library defines the names

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class defines it
                """Suppress the access log."""

        return Handler


@dataclass(kw_only=True)
class Identity:
    """A task's tokens and their handlers."""

    names: tuple[str, ...]
    """Container names."""
    credentials: Ask
    metadata: Callable[[str | None], Ask]
    """Returns the handler for a container's token."""
    agent: Ask
    credentials_id: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    tokens: Mapping[str, str] = field(init=False, repr=False)
    docker_ids: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tokens = {name: secrets.token_urlsafe(24) for name in self.names}

    def open(self, endpoints: Endpoints) -> None:
        """Register the handlers for all tokens."""
        endpoints.add("v2", self.credentials_id, self.credentials)
        for name, token in self.tokens.items():
            endpoints.add("v4", token, self.metadata(name))
            endpoints.add("api", token, self.agent)

    def started(self, name: str, docker_id: str) -> None:
        """Record the Docker ID of a container that has started."""
        self.docker_ids[name] = docker_id

    def close(self, endpoints: Endpoints) -> None:
        """Unregister the handlers for all tokens."""
        endpoints.remove("v2", self.credentials_id)
        for token in self.tokens.values():
            endpoints.remove("v4", token)
            endpoints.remove("api", token)
