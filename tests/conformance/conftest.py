"""Functions on all targets, deployed once by the real engine."""

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
ENDS = ("error", "crash", "timeout", "memory")
"""Ways in which a run can fail."""

PASSWORD = "sword" + "fish"  # split, so that a test can search for the whole text

TARGETS = ("lambda", "ecs", "kubernetes")

LANGUAGES = ("python", "node")
"""Languages of the same function, each in a folder of this name."""

KINDS = ("ok", "item", *ENDS)
OF_CLIENTS = ("ok", "item", "error")
"""Cases for the clients of Go, Rust and Java: fewer, because their functions have no SDK."""

TIMEOUT_SECONDS, SHORT_TIMEOUT_SECONDS = 12, 3
"""Timeouts of functions that must succeed on a busy machine, and of functions that fail anyway."""

EVERY_SECONDS = 3
"""Interval between the first messages."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests of slow outcomes last; their messages are sent at the start."""
    places = [at for at, item in enumerate(items) if item.path.parent == HERE]
    ordered = sorted(
        (items[at] for at in places), key=lambda item: item.get_closest_marker("takes_a_while") is not None
    )
    for at, item in zip(places, ordered, strict=True):
        items[at] = item


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """Functions of one language, and AWS clients of their account."""

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
    """SQS message ids, by our own id."""
    fates: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    """Message sent at the start to each function that fails, by function and target; their outcomes take a while."""
    pairs: dict[str, tuple[dict[str, str], dict[str, str]]] = field(default_factory=dict)
    """A good and a failing item, sent together at the start to each target."""

    def function(self, kind: str, target: str) -> str:
        """Return the function's name."""
        return f"{kind}-{target}-{self.language}"

    def send(self, kind: str, target: str, *messages: dict[str, str], delay_seconds: int = 0) -> None:
        """Send messages to an inbox in one call."""
        entries = [{"Id": one["id"], "MessageBody": json.dumps(one), "DelaySeconds": delay_seconds} for one in messages]
        answer = self.sqs.send_message_batch(QueueUrl=self.outputs[kind][target]["inbox_url"], Entries=entries)
        self.message_ids.update({each["Id"]: each["MessageId"] for each in answer["Successful"]})

    def run(self, kind: str, target: str, event: Any) -> tuple[int, Any]:
        """Run one event by `intermodal run`; return its exit code and the response."""
        options = ["--event", "-", "--stack", "dev"]
        command = [sys.executable, "-m", "intermodal", "run", self.function(kind, target), *options]
        done = subprocess.run(
            command, cwd=self.project.folder, env=self.project.workspace.environment(), input=json.dumps(event),
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)

    def told(self, name: str) -> dict[str, Any] | None:
        """Wait for the result that the run of this message reports."""
        answer = self.sqs.receive_message(QueueUrl=self.outputs["results_url"], MaxNumberOfMessages=10)
        for message in answer.get("Messages", []):
            report = json.loads(message["Body"])
            self.results[report["id"]] = report
            self.sqs.delete_message(QueueUrl=self.outputs["results_url"], ReceiptHandle=message["ReceiptHandle"])
        return self.results.get(name)

    def held(self, kind: str, target: str) -> int:
        """Count the messages of an inbox, visible or not."""
        url = self.outputs[kind][target]["inbox_url"]
        found = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        return int(found["ApproximateNumberOfMessages"]) + int(found["ApproximateNumberOfMessagesNotVisible"])

    def dead(self, kind: str, target: str) -> list[dict[str, str]]:
        """Return the bodies of the dead letters without deleting them."""
        name = self.outputs[kind][target]["dead_letters_arn"].rpartition(":")[2]
        url = self.sqs.get_queue_url(QueueName=name)["QueueUrl"]
        found = self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
        return [json.loads(message["Body"]) for message in found.get("Messages", [])]

    def runs(self, kind: str, target: str, name: str) -> set[str]:
        """Return ids of the runs that held a message, from the handler's lines, or the adapter's if there is one."""
        lines = self.lines(kind, target)
        if target == "lambda":
            return {line["run"] for line in lines if line.get("id") == name}
        reports = [line for line in lines if line.get("type") == "platform.report"]
        return {line["record"]["requestId"] for line in reports if self.message_ids[name] in line["messageIds"]}

    def given_back(self, kind: str, target: str, name: str) -> int:
        """Count how often a stopping consumer returned the message unprocessed; each costs a receive."""
        lines = (line for line in self.lines(kind, target) if line.get("message") == RETURNED)
        return sum(self.message_ids[name] in line["messageIds"] for line in lines)

    def describe(self, kind: str, target: str) -> str:
        """Return the state of a function's queues and its last log lines, for failures."""
        said = [json.dumps(line) for line in self.lines(kind, target)[-20:]]
        return "\n".join([f"{self.held(kind, target)} in the inbox, dead: {self.dead(kind, target)}", *said])

    def lines(self, kind: str, target: str) -> list[dict[str, Any]]:
        """Return JSON lines of a function, from its log group or its pods."""
        if target == "kubernetes":
            said = list(pods.lines(self.cluster, self.namespace, self.function(kind, target)))
        else:
            group = self.outputs[kind][target]["log_group"]
            pages = self.logs.get_paginator("filter_log_events").paginate(logGroupName=group)
            said = [event["message"] for page in pages for event in page["events"]]
        return [json.loads(line) for line in said if line.startswith("{")]


@pytest.fixture(scope="module")
def all_deployed(
    emulator: Emulator, docker: Docker, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Deployed]]:
    """Deploy all functions at once, because failures take a while; yield them by language, destroy them at the end."""
    folders = [*(f"tests/conformance/{language}" for language in LANGUAGES), "runtime"]
    with closing(docker.client()) as client, hold_lock("tests-images"):
        references = images.ensure(client, folders)
        of_clients = clients.references(client)
    variables = {**emulator.client_environment(), **VARIABLES}
    workspace = Workspace.prepare(find.find(), tmp_path_factory.mktemp("pulumi"), variables)
    project = Project.copy(workspace, HERE / "program", tmp_path_factory.mktemp("conformance") / "program")
    for reference in [*references, *of_clients.values()]:
        cluster.load_image(reference)
    *of_functions, adapter = references
    by_language = dict(zip(LANGUAGES, of_functions, strict=True)) | of_clients
    namespace = unique("conformance")
    with cluster.forward(emulator.port) as endpoint:
        quick = [kind for kind in ENDS if kind != "memory"]  # filling the memory takes seconds on a busy machine
        ours = {"kinds": KINDS, "short": quick}
        theirs = {"kinds": OF_CLIENTS, "short": ()}
        languages = {
            language: {"image": image, **(theirs if language in of_clients else ours)}
            for language, image in by_language.items()
        }
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
            language: Deployed(language=language, image=image, outputs=outputs[language], **made)
            for language, image in by_language.items()
        }
        project.destroy()


@pytest.fixture(scope="module")
def sent(all_deployed: dict[str, Deployed]) -> dict[str, Deployed]:
    """Send the slow messages one after the other; all at once overload the machine."""
    delays = itertools.count(step=EVERY_SECONDS)
    for deployed in all_deployed.values():
        for target in TARGETS:
            deployed.pairs[target] = {"do": "ok", "id": unique("good")}, {"do": "bad", "id": unique("bad")}
            deployed.send("item", target, *deployed.pairs[target], delay_seconds=next(delays))
            for kind in [kind for kind in ENDS if kind in deployed.outputs]:
                deployed.fates[kind, target] = {"do": kind, "id": unique(kind)}
                deployed.send(kind, target, deployed.fates[kind, target], delay_seconds=next(delays))
    return all_deployed


@pytest.fixture(params=tuple(clients.BUILDS))
def client_deployed(request: pytest.FixtureRequest, sent: dict[str, Deployed]) -> Deployed:
    """Return the functions of a language other than Python and Node."""
    return sent[request.param]


@pytest.fixture(params=LANGUAGES)
def deployed(request: pytest.FixtureRequest, sent: dict[str, Deployed]) -> Deployed:
    """Return the functions of one language."""
    return sent[request.param]


def until(condition: Any, what: str, seconds: float = 300.0, describe: Callable[[], object] = lambda: "") -> None:
    """Poll with a deadline; `describe` adds context to a failure."""
    assert processes.poll(lambda: bool(condition()), seconds), f"waited {seconds:g} s for {what}\n{describe()}"


def unique(prefix: str) -> str:
    """Return an id for one test run."""
    return f"{prefix}-{os.urandom(3).hex()}"
