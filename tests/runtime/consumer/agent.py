"""Provide a fake ECS agent."""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

OK = (200, {"protection": {"ProtectionEnabled": True}})


class Agent:
    """A fake agent that responds from a script and records request bodies."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.times: list[float] = []
        self.clock: Callable[[], float] = time.monotonic
        """The clock for `times`."""
        self.answers: list[tuple[int, Any]] = []
        self.always: tuple[int, Any] = OK
        """The response once the script is used up."""
        self.delay = 0.0
        agent = self

        class Handler(BaseHTTPRequestHandler):
            def do_PUT(self) -> None:
                assert self.path == "/task-protection/v1/state"
                agent.times.append(agent.clock())
                agent.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.do_GET()

            def do_GET(self) -> None:
                time.sleep(agent.delay)
                status, body = agent.answers.pop(0) if agent.answers else agent.always
                with contextlib.suppress(BrokenPipeError):
                    self.send_response(status)
                    self.end_headers()
                    self.wfile.write(json.dumps(body).encode())

            def log_message(self, *_: Any) -> None:
                """Write no access log."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.uri = f"http://127.0.0.1:{self.server.server_port}"


@contextlib.contextmanager
def serving_agent() -> Iterator[Agent]:
    """Run an agent in a thread."""
    made = Agent()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield made
    finally:
        made.server.shutdown()
        thread.join()
        made.server.server_close()
