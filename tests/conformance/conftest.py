"""Deploy functions on all targets, once, with the real engine."""

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bench.harness.project import VARIABLES, Project
from intermodal_runtime.consumer.settlement import RETURNED
from local import processes
from local.aws import deployer
from local.aws.settings import Emulator
from local.cache import hold_lock
from local.cluster import Cluster
from local.docker import images
from local.docker.daemon import Docker
from local.engine import find
from local.engine.workspace import Workspace
from tests import pods
from tests.conformance import clients

HERE = Path(__file__).parent
FAILURES = ("error", "crash", "timeout", "memory")
"""Ways in which a run can fail."""

PASSWORD = "sword" + "fish"  # split, so that a test can search for the whole string

TARGETS = ("lambda", "ecs", "kubernetes")

LANGUAGES = ("python", "node")
"""Languages that the same function is written in; each has a folder with this name."""

KINDS = ("ok", "item", *FAILURES)
PYTHON_KINDS = (*KINDS, "process", "single")
"""All cases, for one language: what they test does not depend on the runtime client."""

CLIENT_KINDS = ("ok", "item", "error")
"""Cases for the Go, Rust and Java clients: fewer, because their functions have no SDK."""

TIMEOUT_SECONDS, SHORT_TIMEOUT_SECONDS = 30, 3
"""Timeouts for functions that must succeed on a busy machine, and for functions that fail anyway."""

EVERY_SECONDS = 5
"""Interval between the first messages."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests with slow outcomes last; their messages are sent at the start."""
    places = [at for at, item in enumerate(items) if item.path.parent == HERE]
    ordered = sorted(
        (items[at] for at in places), key=lambda item: item.get_closest_marker("takes_a_while") is not None
    )
    for at, item in zip(places, ordered, strict=True):
        items[at] = item


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """Functions in one language, and AWS clients for their account."""

    language: str
    project: Project
    image: str
    cluster: Cluster
    namespace: str
    outputs: dict[str, Any]
    sqs: Any
    logs: Any
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Results that the functions reported, by message id."""
    message_ids: dict[str, str] = field(default_factory=dict)
    """SQS message IDs, by our own ID."""
    failing_messages: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    """Message sent at the start to each function that fails, by function and target, because outcomes take a while."""
    item_messages: dict[str, tuple[dict[str, str], dict[str, str]]] = field(default_factory=dict)
    """A good and a failing item, sent together to each target at the start."""

    def function(self, kind: str, target: str) -> str:
        """Return the function's name."""
        return f"{kind}-{target}-{self.language}"

    def send(self, kind: str, target: str, *messages: dict[str, str], delay_seconds: int = 0) -> None:
        """Send messages to an inbox in one call."""
        entries = [{"Id": one["id"], "MessageBody": json.dumps(one), "DelaySeconds": delay_seconds} for one in messages]
        answer = self.sqs.send_message_batch(QueueUrl=self.outputs[kind][target]["inbox_url"], Entries=entries)
        self.message_ids.update({each["Id"]: each["MessageId"] for each in answer["Successful"]})

    def send_and_wait(self, target: str) -> str:
        """Send a message, wait until it is handled, and return its id."""
        name = unique(target)
        self.send("ok", target, {"do": "ok", "id": name})
        until(lambda: self.receive_result(name), f"{name} to be handled", describe=lambda: self.describe("ok", target))
        return name

    def run(self, kind: str, target: str, event: Any) -> tuple[int, Any]:
        """Run one event with `intermodal run`; return its exit code and the response."""
        options = ["--event", "-", "--stack", "dev"]
        command = [sys.executable, "-m", "intermodal", "run", self.function(kind, target), *options]
        done = subprocess.run(
            command, cwd=self.project.folder, env=self.project.workspace.environment(), input=json.dumps(event),
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)

    def receive_result(self, name: str) -> dict[str, Any] | None:
        """Receive reported results; return the result for this message, if any."""
        answer = self.sqs.receive_message(QueueUrl=self.outputs["results_url"], MaxNumberOfMessages=10)
        for message in answer.get("Messages", []):
            report = json.loads(message["Body"])
            self.results[report["id"]] = report
            self.sqs.delete_message(QueueUrl=self.outputs["results_url"], ReceiptHandle=message["ReceiptHandle"])
        return self.results.get(name)

    def count_messages(self, kind: str, target: str) -> int:
        """Count the messages in an inbox, visible or not."""
        url = self.outputs[kind][target]["inbox_url"]
        found = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        return int(found["ApproximateNumberOfMessages"]) + int(found["ApproximateNumberOfMessagesNotVisible"])

    def list_dead_letters(self, kind: str, target: str) -> list[dict[str, str]]:
        """Return the bodies of the dead letters without deleting them."""
        name = self.outputs[kind][target]["dead_letters_arn"].rpartition(":")[2]
        url = self.sqs.get_queue_url(QueueName=name)["QueueUrl"]
        found = self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
        return [json.loads(message["Body"]) for message in found.get("Messages", [])]

    def find_runs(self, kind: str, target: str, name: str) -> set[str]:
        """Return the IDs of runs that held a message, from the adapter's log lines, or the handler's without one."""
        lines = self.lines(kind, target)
        if target == "lambda":
            return {line["run"] for line in lines if line.get("id") == name}
        reports = [line for line in lines if line.get("type") == "platform.report"]
        return {line["record"]["requestId"] for line in reports if self.message_ids[name] in line["messageIds"]}

    def count_returns(self, kind: str, target: str, name: str) -> int:
        """Count how often a stopping consumer returned the message unprocessed; each time counts as a receive."""
        lines = (line for line in self.lines(kind, target) if line.get("message") == RETURNED)
        return sum(self.message_ids[name] in line["messageIds"] for line in lines)

    def describe(self, kind: str, target: str) -> str:
        """Return the state of a function's queues and its last log lines, for failures."""
        lines = [json.dumps(line) for line in self.lines(kind, target)[-20:]]
        return "\n".join(
            [f"{self.count_messages(kind, target)} in the inbox, dead: {self.list_dead_letters(kind, target)}", *lines]
        )

    def lines(self, kind: str, target: str) -> list[dict[str, Any]]:
        """Return a function's JSON log lines, from its log group or its pods."""
        if target == "kubernetes":
            lines = list(pods.read_lines(self.cluster, self.namespace, self.function(kind, target)))
        else:
            group = self.outputs[kind][target]["log_group"]
            pages = self.logs.get_paginator("filter_log_events").paginate(logGroupName=group)
            lines = [event["message"] for page in pages for event in page["events"]]
        return [json.loads(line) for line in lines if line.startswith("{")]


@pytest.fixture(scope="module")
def all_deployments(
    emulator: Emulator, docker: Docker, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Deployment]]:
    """Deploy all functions at once, because failures take a while; yield them by language, destroy them at the end."""
    folders = [*(f"tests/conformance/{language}" for language in LANGUAGES), "runtime"]
    with closing(docker.client()) as client, hold_lock("tests-images"):
        references = images.ensure(client, folders)
        client_images = clients.build_images(client)
    variables = {**emulator.client_environment(), **VARIABLES}
    workspace = Workspace.prepare(find.find(), tmp_path_factory.mktemp("pulumi"), variables)
    project = Project.copy(workspace, HERE / "program", tmp_path_factory.mktemp("conformance") / "program")
    for reference in [*references, *client_images.values()]:
        cluster.load_image(reference)
    *function_images, adapter = references
    by_language = dict(zip(LANGUAGES, function_images, strict=True)) | client_images
    namespace = unique("conformance")
    with cluster.forward(emulator.port) as endpoint:
        quick = [kind for kind in FAILURES if kind != "memory"]  # filling the memory takes seconds on a busy machine
        ours = {"kinds": KINDS, "short": quick}
        theirs = {"kinds": CLIENT_KINDS, "short": ()}
        languages = {
            language: {"image": image, **(theirs if language in client_images else ours)}
            for language, image in by_language.items()
        }
        languages["python"]["kinds"] = PYTHON_KINDS
        config: dict[str, Any] = {"targets": list(TARGETS), "languages": languages, "adapter": adapter}
        config |= {"timeout": TIMEOUT_SECONDS, "short_timeout": SHORT_TIMEOUT_SECONDS}
        config |= {"kubeconfig": str(cluster.kubeconfig), "endpoint": endpoint, "namespace": namespace}
        config |= {"login": json.dumps({"password": PASSWORD})}
        project.configure({f"conformance:{key}": value for key, value in config.items()})
        outputs = project.up()
        connect: Any = deployer.session(emulator).client
        made = {name: connect(name, endpoint_url=emulator.endpoint) for name in ("sqs", "logs")}
        made |= {"project": project, "cluster": cluster, "namespace": namespace}
        yield {
            language: Deployment(language=language, image=image, outputs=outputs[language], **made)
            for language, image in by_language.items()
        }
        project.destroy()


@pytest.fixture(scope="module")
def messages_sent(all_deployments: dict[str, Deployment]) -> dict[str, Deployment]:
    """Send the slow messages one after the other; all at once overload the machine."""
    delays = itertools.count(step=EVERY_SECONDS)
    for deployment in all_deployments.values():
        for target in TARGETS:
            deployment.item_messages[target] = {"do": "ok", "id": unique("good")}, {"do": "bad", "id": unique("bad")}
            deployment.send("item", target, *deployment.item_messages[target], delay_seconds=next(delays))
            for kind in [kind for kind in FAILURES if kind in deployment.outputs]:
                deployment.failing_messages[kind, target] = {"do": kind, "id": unique(kind)}
                deployment.send(kind, target, deployment.failing_messages[kind, target], delay_seconds=next(delays))
    return all_deployments


@pytest.fixture(params=tuple(clients.BUILDS))
def client_deployment(request: pytest.FixtureRequest, messages_sent: dict[str, Deployment]) -> Deployment:
    """Return the functions in a language other than Python and Node."""
    return messages_sent[request.param]


@pytest.fixture(params=LANGUAGES)
def deployment(request: pytest.FixtureRequest, messages_sent: dict[str, Deployment]) -> Deployment:
    """Return the functions in one language."""
    return messages_sent[request.param]


def until(condition: Any, what: str, seconds: float = 300.0, describe: Callable[[], object] = lambda: "") -> None:
    """Poll with a deadline; `describe` adds context to a failure."""
    assert processes.poll(lambda: bool(condition()), seconds), f"waited {seconds:g} s for {what}\n{describe()}"


def unique(prefix: str) -> str:
    """Return an id for one test run."""
    return f"{prefix}-{os.urandom(3).hex()}"
