"""The task that the library renders, as it is, on the emulator: only images, queue and log group are of this test."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from intermodal import ContainerFunction
from local.aws.settings import ACCOUNT, REGION
from local.processes import poll
from tests.conftest import Run
from tests.local.ecs.conftest import CLUSTER, GROUP, NETWORK, SECONDS, Ecs, ends
from tests.unit.targets.test_ecs import BASE, HANDLE

START = """
import os
open("/tmp/h.py", "w").write(os.environ["HANDLER"])
os.environ["PYTHONPATH"] = "/tmp"
os.execvp("python", ["python", "-m", "awslambdaric", "h.handler"])
"""
HANDLER = """
import json, os, time
def handler(event, context):
    for record in event.get("Records", []):
        word = record["body"]
        print(json.dumps({"word": word}), flush=True)
        if word == "who":
            try:
                open("/var/task/own", "w")
                note = "writable"
            except OSError as error:
                note = error.strerror
            print(json.dumps({"user": [os.getuid(), os.getgid()], "root": note, "first": os.getpid() == 1}), flush=True)
        if word == "memory":
            bytearray(1 << 30)
        if word == "exit":
            os._exit(3)
        if word == "slow":
            time.sleep(4)
            print(json.dumps({"word": "done"}), flush=True)
    return {}
"""
CRASH_WORDS = ("ERROR", "Traceback", "500")


@dataclass(kw_only=True)
class Worker:
    """A service of the rendered task, with a queue of this test."""

    ecs: Ecs
    name: str
    url: str
    definition: str
    command: list[str]

    def send(self, word: str) -> None:
        self.ecs.client("sqs").send_message(QueueUrl=self.url, MessageBody=word)

    def scale(self, count: int) -> None:
        self.ecs.client("ecs").update_service(cluster=CLUSTER, service=self.name, desiredCount=count)

    def tasks(self, status: str = "RUNNING") -> list[str]:
        found: list[str] = self.ecs.client("ecs").list_tasks(
            cluster=CLUSTER, serviceName=self.name, desiredStatus=status
        )["taskArns"]
        return found

    def lines(self, container: str) -> list[dict[str, Any]]:
        """JSON lines of all its tasks."""
        arns = [*self.tasks(), *self.tasks("STOPPED")]
        said = [line for arn in arns for line in self.ecs.said(arn, container)]
        return [json.loads(line) for line in said if line.startswith("{")]

    def said(self, container: str, **fields: Any) -> bool:
        return any(fields.items() <= line.items() for line in self.lines(container))

    def left(self) -> int:
        found = self.ecs.client("sqs").get_queue_attributes(QueueUrl=self.url, AttributeNames=["All"])["Attributes"]
        return int(found["ApproximateNumberOfMessages"]) + int(found["ApproximateNumberOfMessagesNotVisible"])

    def until(self, done: Callable[[], object]) -> None:
        assert poll(lambda: bool(done()), SECONDS), (self.lines("adapter"), self.lines("app"))


def render(cloud: Run, ecs: Ecs, adapter: str, url: str, arn: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Containers and volumes of the library's task."""
    definition: Any = {**BASE, "platform": {**HANDLE, "adapter_image": adapter}, "memory_mib": 256}
    definition |= {"timeout_seconds": 20, "environment": {"HANDLER": HANDLER}}
    made = cloud(lambda: ContainerFunction("scan", definition))
    task = made.inputs("aws:ecs/taskDefinition:TaskDefinition", "scan-main-task")
    options = {"awslogs-group": GROUP, "awslogs-region": REGION, "awslogs-stream-prefix": "t"}
    containers = json.loads(task["containerDefinitions"])
    for one in containers:
        one["logConfiguration"] = {"logDriver": "awslogs", "options": options}
        if one["name"] == "app":
            one |= {"image": ecs.image, "entryPoint": ["python", "-c", START]}
        if one["name"] == "adapter":
            changed = {"https://scan-main-inbox": url, "arn:scan-main-inbox": arn}
            one["command"] = [changed.get(word, word) for word in one["command"]]
    return containers, list(task.get("volumes", []))


@pytest.fixture
def worker(ecs: Ecs, cloud: Run, worker_image: str) -> Iterator[Worker]:
    name = f"r-{time.time_ns()}"
    url = ecs.client("sqs").create_queue(QueueName=name)["QueueUrl"]
    containers, volumes = render(cloud, ecs, worker_image, url, f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}")
    definition = ecs.define(*containers, volumes=volumes)
    client = ecs.client("ecs")
    client.create_service(
        cluster=CLUSTER, serviceName=name, taskDefinition=definition, desiredCount=1, launchType="FARGATE",
        networkConfiguration=NETWORK,
    )  # fmt: skip
    made = Worker(ecs=ecs, name=name, url=url, definition=definition, command=containers[0]["command"])
    yield made
    client.delete_service(cluster=CLUSTER, service=name, force=True)
    for task in made.tasks():
        client.update_task_protection(cluster=CLUSTER, tasks=[task], protectionEnabled=False)
    assert poll(lambda: not made.tasks(), SECONDS)


def crash_lines(ecs: Ecs, task: str) -> list[str]:
    """Lines of a task that look like a failure."""
    said = [line for name in ("app", "adapter", "gate", "waiter") for line in ecs.said(task, name)]
    return [line for line in said if any(word in line for word in CRASH_WORDS) or '"WARNING"' in line]


def test_the_app_has_lambdas_user_and_files_and_a_scale_in_leaves_no_crash(worker: Worker) -> None:
    worker.send("who")
    worker.until(lambda: worker.said("app", user=[993, 990], root="Read-only file system", first=False))
    worker.until(lambda: worker.left() == 0)
    (task,) = worker.tasks()
    worker.scale(0)
    worker.until(lambda: worker.ecs.describe(task)["desiredStatus"] == "STOPPED")
    began = time.monotonic()
    stopped = worker.ecs.until(task)
    assert time.monotonic() - began < 30
    assert ends(stopped) == {"adapter": 0, "gate": 0, "app": 143, "waiter": 0}
    assert crash_lines(worker.ecs, task) == []


def test_work_in_hand_is_finished_before_the_app_is_stopped(worker: Worker) -> None:
    worker.send("slow")
    worker.until(lambda: worker.said("app", word="slow"))
    (task,) = worker.tasks()
    worker.ecs.client("ecs").stop_task(cluster=CLUSTER, task=task)
    worker.scale(0)
    stopped = worker.ecs.until(task)
    assert worker.said("app", word="done")
    assert worker.left() == 0
    assert ends(stopped) == {"adapter": 0, "gate": 0, "app": 143, "waiter": 0}
    assert crash_lines(worker.ecs, task) == []


@pytest.mark.parametrize(
    ("word", "kind", "advice", "code"),
    [
        ("memory", "Runtime.OutOfMemory", "raise memory_mib", 137),
        ("exit", "Runtime.ExitError", "exit status 3", 3),
    ],
)
def test_how_the_app_ended_is_in_the_report(worker: Worker, word: str, kind: str, advice: str, code: int) -> None:
    worker.send(word)
    worker.until(lambda: [line for line in worker.lines("adapter") if line.get("type") == "platform.report"])
    report = next(line for line in worker.lines("adapter") if line.get("type") == "platform.report")
    assert report["record"]["errorType"] == kind
    assert advice in next(iter(report["failed"].values()))
    if word == "memory":
        assert report["record"]["metrics"]["maxMemoryUsedMB"] == 256
    (first, *_) = worker.tasks("STOPPED")
    assert ends(worker.ecs.until(first))["app"] == code
    worker.scale(0)
    worker.ecs.client("sqs").purge_queue(QueueUrl=worker.url)


def test_one_event_is_run_without_a_crash_line(worker: Worker) -> None:
    """What `intermodal run` starts."""
    worker.scale(0)
    command = [*worker.command, "--event", json.dumps({"Records": [{"body": "who"}]})]
    overrides = {"containerOverrides": [{"name": "adapter", "command": command}]}
    task = worker.ecs.start(worker.definition, overrides=overrides)
    stopped = worker.ecs.until(task)
    assert ends(stopped) == {"adapter": 0, "gate": 0, "app": 143, "waiter": 0}
    assert any("intermodal.answer" in line for line in worker.ecs.said(task, "adapter"))
    assert crash_lines(worker.ecs, task) == []
