"""The adapter survives credentials that are missing or expire; tested as a process."""

import contextlib
import json
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import requests

from local.processes import poll
from tests.processes.task import Task


def test_missing_credentials_are_logged_and_retried(task: Task) -> None:
    """Bad input: the adapter neither loops without pause nor crashes, and SIGTERM still stops it cleanly."""
    adapter = task.adapter(AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="", AWS_EC2_METADATA_DISABLED="true")
    task.app()
    assert poll(lambda: task.notes().count("NoCredentialsError") >= 2, 20)
    adapter.send_signal(signal.SIGTERM)
    assert adapter.wait(10) == 0
    assert task.notes().count("NoCredentialsError") < 10


def test_expired_credentials_are_logged_and_nothing_is_lost(task: Task) -> None:
    """Bad input: SQS rejects an expired session until there is a new one; the adapter backs off in the meantime."""
    with Expired(task.sqs.endpoint) as aws:
        task.send("one")
        adapter = task.adapter("--poll-seconds", "1", AWS_ENDPOINT_URL=aws.url)
        task.app()
        assert poll(lambda: task.notes().count("ExpiredTokenException") >= 2, 20)
        assert task.sqs.counts(task.url) == (1, 0)
        assert aws.refused < 8, "hot loop"
        aws.expired = False
        assert poll(lambda: task.list_handled() == ["one"], 30)
        assert poll(lambda: task.sqs.counts(task.url) == (0, 0), 10)
        adapter.send_signal(signal.SIGTERM)
        assert adapter.wait(10) == 0


def test_credentials_expiring_during_a_run_keep_its_message(task: Task) -> None:
    """Bad input: a message that cannot be deleted is redelivered."""
    with Expired(task.sqs.endpoint, expired=False) as aws:
        task.send("slow 1.0")
        task.adapter("--poll-seconds", "1", "--lease-seconds", "3", AWS_ENDPOINT_URL=aws.url)
        task.app()
        assert poll(lambda: task.list_handled() == ["slow 1.0"], 20)
        aws.expired = True
        assert poll(lambda: "ExpiredTokenException" in task.notes(), 20)
        assert sum(task.sqs.counts(task.url)) == 1
        aws.expired = False
        assert poll(lambda: task.sqs.counts(task.url) == (0, 0), 40)
        assert 1 <= len(task.list_handled()) <= 3


class Expired:
    """A proxy for SQS that rejects the session while `expired` is set."""

    def __init__(self, endpoint: str, *, expired: bool = True) -> None:
        self.expired, self.refused = expired, 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if outer.expired:
                    outer.refused += 1
                    kind = "com.amazon.coral.service#ExpiredTokenException"
                    text = {"__type": kind, "message": "The security token included in the request is expired"}
                    self._answer(403, json.dumps(text).encode())
                    return
                headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
                answer = requests.post(endpoint, data=body, headers=headers, timeout=30)
                self._answer(answer.status_code, answer.content)

            def _answer(self, status: int, body: bytes) -> None:
                with contextlib.suppress(OSError):  # the adapter has exited
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Write no access log."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
