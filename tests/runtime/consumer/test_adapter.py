"""The adapter as a process: a real runtime client, real queues, real signals."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import pytest
import requests

from intermodal_runtime import FunctionContext, environment
from intermodal_runtime import adapter as adapter_module
from local.processes import poll
from tests.conftest import free_port
from tests.runtime.consumer.agent import Agent
from tests.runtime.consumer.conftest import KEYS, Sqs
from tests.runtime.harness import HANDLERS


class Pair:
    """An adapter and, once its gate opens, an app."""

    def __init__(self, sqs: Sqs, queue: tuple[str, str], folder: Path) -> None:
        self.sqs, self.url, self.arn, self.folder = sqs, *queue, folder
        self.port = free_port()
        self.started: list[subprocess.Popen[bytes]] = []
        self.environment = {
            "PATH": os.environ["PATH"],
            "AWS_ENDPOINT_URL": sqs.endpoint,
            "INTERMODAL_PORT": str(self.port),
            **KEYS,
        }

    def role(self, role: str, *options: str, **variables: str) -> subprocess.Popen[bytes]:
        """Start the adapter image's program in a role."""
        log = (self.folder / f"{role}.log").open("ab")
        with log:
            process = subprocess.Popen(
                [sys.executable, "-m", "intermodal_runtime", role, *options],
                env=self.environment | variables,
                stdout=log,
                stderr=log,
            )
        self.started.append(process)
        return process

    def adapter(self, *options: str, **variables: str) -> subprocess.Popen[bytes]:
        """Start the adapter."""
        named = ("--queue-url", self.url, "--queue-arn", self.arn, "--function", "scan", "--timeout-seconds", "20")
        return self.role("adapter", *named, *options, **variables)

    def app(self, handler: str = "inbox.write", **variables: str) -> subprocess.Popen[bytes]:
        """Start the runtime client behind the gate."""
        assert self.role("gate", "20").wait(25) == 0
        context = environment(FunctionContext(name="scan"), f"127.0.0.1:{self.port}")
        variables = {"PYTHONPATH": str(HANDLERS), "OUT": str(self.folder / "out"), **variables}
        log = (self.folder / "app.log").open("ab")
        with log:
            process = subprocess.Popen(
                [sys.executable, "-m", "awslambdaric", handler],
                env=self.environment | context | variables,
                stdout=log,
                stderr=log,
            )
        self.started.append(process)
        return process

    def send(self, *bodies: str) -> None:
        """Put messages into the queue."""
        for body in bodies:
            self.sqs.client.send_message(QueueUrl=self.url, MessageBody=body)

    def handled(self) -> list[str]:
        """Bodies that the handler wrote, in order, repeats included."""
        out = self.folder / "out"
        return out.read_text().splitlines() if out.exists() else []

    def lines(self) -> list[dict[str, Any]]:
        """The adapter's log."""
        return [json.loads(line) for line in (self.folder / "adapter.log").read_text().splitlines() if line[0] == "{"]

    def notes(self) -> str:
        """What it had to say."""
        return "\n".join(line.get("message", "") for line in self.lines())

    def close(self) -> None:
        """End what still runs."""
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait(10)


@pytest.fixture
def pair(sqs: Sqs, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Pair]:
    """A queue of this test with a dead-letter queue after three receives, and processes around it."""
    name = request.node.name[-60:].replace("[", "-").replace("]", "")
    _, dead = sqs.queue(f"{name}-dead")
    redrive = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": "3"})
    made = Pair(sqs, sqs.queue(name, VisibilityTimeout="120", RedrivePolicy=redrive), tmp_path)
    yield made
    made.close()


def test_messages_go_through_and_a_job_ends_with_zero(pair: Pair) -> None:
    """The thinnest path: fifteen messages, batches of ten, an empty queue, exit 0; the app is told to end."""
    pair.send(*(f"event {n}" for n in range(15)))
    adapter = pair.adapter("--empty-polls", "1", "--poll-seconds", "1")
    app = pair.app()
    assert adapter.wait(30) == 0
    assert app.wait(10) == 1  # what Python's client does when told to go
    assert sorted(pair.handled()) == sorted(f"event {n}" for n in range(15))
    assert pair.sqs.counts(pair.url) == (0, 0)


def test_the_gate_opens_a_folder_to_the_app(pair: Pair) -> None:
    """F10: an empty volume of a task belongs to root."""
    shared = pair.folder / "shared"
    shared.mkdir(mode=0o755)
    pair.adapter()
    assert pair.role("gate", str(shared), "20").wait(25) == 0
    assert shared.stat().st_mode & 0o7777 == 0o1777
    assert pair.role("gate", str(pair.folder / "none"), "20").wait(25) == 1
    assert "none cannot be opened to the app: No such file or directory" in (pair.folder / "gate.log").read_text()


def test_sigterm_finishes_the_open_event_and_leaves_nothing_in_flight(pair: Pair) -> None:
    """C1 with a real signal, while a handler works."""
    pair.send("slow 1.5")
    adapter = pair.adapter("--grace-seconds", "20")
    pair.app()
    assert poll(lambda: pair.handled() == ["slow 1.5"], 20)  # written first, then it sleeps
    adapter.send_signal(signal.SIGTERM)
    assert adapter.wait(25) == 0
    assert pair.sqs.counts(pair.url) == (0, 0)


def test_in_a_task_its_work_is_protected(pair: Pair, agent: Agent) -> None:
    """C4 with the whole process: on before the work, off when the adapter ends."""
    pair.send("work")
    adapter = pair.adapter("--empty-polls", "1", "--poll-seconds", "1", ECS_AGENT_URI=agent.uri)
    pair.app()
    assert adapter.wait(30) == 0
    assert [body["ProtectionEnabled"] for body in agent.bodies] == [True, False]


def test_sigterm_in_a_long_poll_takes_nothing_along(pair: Pair) -> None:
    """C1: what arrives while the last receive is parked is released, not hidden."""
    adapter = pair.adapter("--poll-seconds", "4")
    pair.app()
    assert poll(lambda: "the app is ready" in pair.notes(), 20)
    adapter.send_signal(signal.SIGTERM)
    pair.send("late")
    assert adapter.wait(15) == 0
    assert poll(lambda: pair.sqs.counts(pair.url) == (1, 0), 5)
    assert pair.handled() == []


def test_a_killed_adapter_loses_nothing_after_its_lease(pair: Pair) -> None:
    """C3: a short lease brings the message back in seconds, and a new adapter handles it."""
    pair.send("slow 1")
    adapter = pair.adapter("--lease-seconds", "3")
    app = pair.app()
    assert poll(lambda: pair.handled() == ["slow 1"], 20)
    adapter.kill()
    app.kill()
    adapter.wait(5)
    assert pair.sqs.counts(pair.url) == (0, 1)
    again = pair.adapter("--lease-seconds", "3", "--empty-polls", "3", "--poll-seconds", "2")
    pair.app()
    assert again.wait(30) == 0
    assert pair.handled() == ["slow 1", "slow 1"]
    assert pair.sqs.counts(pair.url) == (0, 0)


def test_a_killed_app_gives_its_batch_back_to_the_next_one(pair: Pair) -> None:
    """C14: SIGKILL in the middle of an event; the adapter stays."""
    pair.send("slow 3")
    pair.adapter("--retry-seconds", "1")
    app = pair.app()
    assert poll(lambda: pair.handled() == ["slow 3"], 20)
    app.kill()
    pair.app()
    assert poll(lambda: pair.handled() == ["slow 3"] * 2 and pair.sqs.counts(pair.url) == (0, 0), 30)
    assert "Runtime.ExitError" in (pair.folder / "adapter.log").read_text()


def test_a_poison_message_becomes_a_dead_letter_with_its_reason_in_the_log(pair: Pair) -> None:
    """Three receives, then the dead-letter queue; healthy messages beside it are handled once."""
    pair.send("good", "poison", "fine")
    adapter = pair.adapter("--retry-seconds", "1", "--empty-polls", "4", "--poll-seconds", "2")
    pair.app()
    assert adapter.wait(60) == 0
    assert sorted(pair.handled()) == ["fine", "good"]
    (dead,) = pair.sqs.client.receive_message(QueueUrl=pair.url + "-dead", MaxNumberOfMessages=10)["Messages"]
    assert dead["Body"] == "poison"
    reasons = [
        line["failed"][dead["MessageId"]] for line in pair.lines() if dead["MessageId"] in line.get("failed", {})
    ]
    assert reasons == ["Function.BatchItemFailure: named in batchItemFailures"] * 3


def test_a_dead_letter_does_not_wait_for_another_consumer(pair: Pair) -> None:
    """F7: after its last receive, with pauses of a minute, the same consumer moves it on."""
    queue = pair.sqs.client
    redrive = json.loads(
        queue.get_queue_attributes(QueueUrl=pair.url, AttributeNames=["All"])["Attributes"]["RedrivePolicy"]
    )
    queue.set_queue_attributes(
        QueueUrl=pair.url, Attributes={"RedrivePolicy": json.dumps({**redrive, "maxReceiveCount": "1"})}
    )
    pair.send("poison")
    pair.adapter("--retry-seconds", "60", "--poll-seconds", "1")
    pair.app()
    assert poll(lambda: pair.sqs.counts(pair.url + "-dead") == (1, 0), 30)


def test_an_image_without_a_runtime_client_is_an_error_with_advice_and_no_hang(pair: Pair) -> None:
    """Bad input: nothing ever asks for an event."""
    pair.send("waits")
    adapter = pair.adapter("--start-seconds", "1")
    assert adapter.wait(15) == 1
    assert "Check that the image starts a runtime client" in pair.notes()
    assert pair.sqs.counts(pair.url) == (1, 0)


def test_a_queue_deleted_under_the_adapter_ends_it_with_a_word(pair: Pair) -> None:
    """Bad input."""
    adapter = pair.adapter("--poll-seconds", "1")
    pair.app()
    assert poll(lambda: "the app is ready" in pair.notes(), 20)
    pair.sqs.client.delete_queue(QueueUrl=pair.url)
    assert adapter.wait(20) == 3
    assert "the queue does not exist" in pair.notes()


def test_credentials_that_are_missing_are_said_and_asked_for_again(pair: Pair) -> None:
    """Bad input: no hot loop, no crash; SIGTERM still ends it well."""
    adapter = pair.adapter(AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="", AWS_EC2_METADATA_DISABLED="true")
    pair.app()
    assert poll(lambda: pair.notes().count("NoCredentialsError") >= 2, 20)
    adapter.send_signal(signal.SIGTERM)
    assert adapter.wait(10) == 0
    assert pair.notes().count("NoCredentialsError") < 10


def test_a_waiter_ends_with_the_adapters_verdict(pair: Pair) -> None:
    """C10: in a pod only its exit code counts; the adapter keeps the verdict until it is stopped."""
    waiter = pair.role("waiter")  # starts before the adapter here, and looks again
    adapter = pair.adapter("--start-seconds", "1", "--wait-for-stop")
    assert waiter.wait(20) == 1
    assert adapter.poll() is None
    adapter.send_signal(signal.SIGTERM)
    assert adapter.wait(10) == 1


def test_sigterm_at_the_waiter_drains_the_adapter(pair: Pair) -> None:
    """C9: Kubernetes stops the main process first, so it has to tell the adapter."""
    pair.send("slow 1.5")
    adapter = pair.adapter("--wait-for-stop", "--grace-seconds", "20")
    waiter = pair.role("waiter")
    app = pair.app()
    assert poll(lambda: pair.handled() == ["slow 1.5"], 20)
    waiter.send_signal(signal.SIGTERM)
    assert waiter.wait(25) == 0
    assert pair.sqs.counts(pair.url) == (0, 0)
    app.terminate()
    adapter.send_signal(signal.SIGTERM)
    assert adapter.wait(10) == 0


@pytest.mark.parametrize("busy", [False, True])
def test_a_stopped_task_leaves_no_crash_lines(pair: Pair, agent: Agent, *, busy: bool) -> None:
    """F8: ECS stops adapter and waiter, and the app once the waiter has ended; its parked call stays open."""
    adapter = pair.adapter("--wait-for-stop", "--grace-seconds", "20", "--poll-seconds", "1", ECS_AGENT_URI=agent.uri)
    app = pair.app()
    waiter = pair.role("waiter", "5")
    assert poll(lambda: "the app is ready" in pair.notes(), 20)
    if busy:
        pair.send("slow 1.5")
        assert poll(lambda: pair.handled() == ["slow 1.5"], 20)
    adapter.send_signal(signal.SIGTERM)
    waiter.send_signal(signal.SIGTERM)
    assert waiter.wait(25) == 0
    assert pair.sqs.counts(pair.url) == (0, 0)
    assert (adapter.poll(), app.poll()) == (None, None)
    app.terminate()
    assert adapter.wait(10) == 0
    assert app.wait(5) == -signal.SIGTERM
    assert not {"ERROR", "Traceback", "500"} & set(
        (pair.folder / "app.log").read_text().replace("[ERROR]", "ERROR").split()
    )
    assert [line for line in pair.lines() if line.get("level") not in {None, "INFO"}] == []


def test_an_app_that_stays_is_ended_by_the_adapter(pair: Pair) -> None:
    """F8: where no SIGTERM comes, or it is ignored."""
    adapter = pair.adapter("--wait-for-stop", "--grace-seconds", "8", "--poll-seconds", "1")
    app = pair.app()
    assert poll(lambda: "the app is ready" in pair.notes(), 20)
    adapter.send_signal(signal.SIGTERM)
    assert adapter.wait(15) == 0
    assert app.wait(5) == 1


def test_a_task_ends_sooner_than_its_time_by_chance() -> None:
    """B4: or all tasks of a burst would end together."""
    seen = {round(adapter_module._lifetime(14_400, 3_600)) for _ in range(50)}
    assert len(seen) > 10
    assert all(10_800 <= seconds <= 14_400 for seconds in seen)
    assert adapter_module._lifetime(0, 3_600) == 0


def test_credentials_that_expire_are_said_and_nothing_is_lost(pair: Pair) -> None:
    """Bad input: a session that ended is refused until there is a new one; in between it pauses, longer and longer."""
    with Expired(pair.sqs.endpoint) as aws:
        pair.send("one")
        adapter = pair.adapter("--poll-seconds", "1", AWS_ENDPOINT_URL=aws.url)
        pair.app()
        assert poll(lambda: pair.notes().count("ExpiredTokenException") >= 2, 20)
        assert pair.sqs.counts(pair.url) == (1, 0)
        assert aws.refused < 8, "it spins"
        aws.expired = False
        assert poll(lambda: pair.handled() == ["one"], 30)
        assert poll(lambda: pair.sqs.counts(pair.url) == (0, 0), 10)
        adapter.send_signal(signal.SIGTERM)
        assert adapter.wait(10) == 0


def test_credentials_that_expire_during_a_run_keep_its_message(pair: Pair) -> None:
    """Bad input: what cannot be deleted comes again."""
    with Expired(pair.sqs.endpoint, expired=False) as aws:
        pair.send("slow 1.0")
        pair.adapter("--poll-seconds", "1", "--lease-seconds", "3", AWS_ENDPOINT_URL=aws.url)
        pair.app()
        assert poll(lambda: pair.handled() == ["slow 1.0"], 20)
        aws.expired = True
        assert poll(lambda: "ExpiredTokenException" in pair.notes(), 20)
        assert sum(pair.sqs.counts(pair.url)) == 1
        aws.expired = False
        assert poll(lambda: pair.sqs.counts(pair.url) == (0, 0), 40)
        assert 1 <= len(pair.handled()) <= 3


class Expired:
    """SQS in front of the real one, where a session is over as long as `expired` is set."""

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
                with contextlib.suppress(OSError):  # the adapter has ended
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Be quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
