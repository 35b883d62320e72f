"""Run the task that the library renders on the emulator; only images, queue and log group are replaced."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from intermodal import ContainerFunction
from local.aws.settings import ACCOUNT, REGION
from local.processes import poll
from tests.conftest import Run
from tests.local.ecs.conftest import CLUSTER, GROUP, NETWORK, SECONDS, Ecs
from tests.unit.targets.ecs_lane import BASE, HANDLE

CRASH = re.compile(r"ERROR|Traceback|\b500\b|panicked|Exception in thread|\"WARNING\"")
"""500 must be a whole word, because an ID may contain these digits."""


@dataclass(kw_only=True)
class Worker:
    """A service that runs the rendered task, with a queue for this test."""

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
        """Return the JSON log lines of all its tasks."""
        arns = [*self.tasks(), *self.tasks("STOPPED")]
        lines = [line for arn in arns for line in self.ecs.log_lines(arn, container)]
        return [json.loads(line) for line in lines if line.startswith("{")]

    def has_line(self, container: str, **fields: Any) -> bool:
        return any(fields.items() <= line.items() for line in self.lines(container))

    def count_messages(self) -> int:
        found = self.ecs.client("sqs").get_queue_attributes(QueueUrl=self.url, AttributeNames=["All"])["Attributes"]
        return int(found["ApproximateNumberOfMessages"]) + int(found["ApproximateNumberOfMessagesNotVisible"])

    def until(self, done: Callable[[], object]) -> None:
        assert poll(lambda: bool(done()), SECONDS), (self.lines("adapter"), self.lines("app"))


def render(
    cloud: Run, adapter: str, url: str, arn: str, app: dict[str, Any], environment: dict[str, str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Render the containers and volumes of the library's task."""
    definition: Any = {**BASE, "platform": {**HANDLE, "adapter_image": adapter}, "memory_mib": 256}
    definition |= {"timeout_seconds": 20, "environment": environment}
    made = cloud(lambda: ContainerFunction("scan", definition))
    task = made.inputs("aws:ecs/taskDefinition:TaskDefinition", "scan-main-task")
    options = {"awslogs-group": GROUP, "awslogs-region": REGION, "awslogs-stream-prefix": "t"}
    containers = json.loads(task["containerDefinitions"])
    for one in containers:
        one["logConfiguration"] = {"logDriver": "awslogs", "options": options}
        if one["name"] == "app":
            one.update(app)
        if one["name"] == "adapter":
            changed = {"https://scan-main-inbox": url, "arn:scan-main-inbox": arn}
            one["command"] = [changed.get(word, word) for word in one["command"]]
    return containers, list(task.get("volumes", []))


@contextmanager
def serving(
    ecs: Ecs, cloud: Run, adapter: str, app: dict[str, Any], environment: dict[str, str] | None = None
) -> Iterator[Worker]:
    """Run a service with one task, whose app container is overridden by `app`."""
    name = f"r-{time.time_ns()}"
    url = ecs.client("sqs").create_queue(QueueName=name)["QueueUrl"]
    containers, volumes = render(cloud, adapter, url, f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}", app, environment or {})
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
    """Return a task's log lines that look like a failure."""
    lines = [line for name in ("app", "adapter", "gate", "waiter") for line in ecs.log_lines(task, name)]
    return [line for line in lines if CRASH.search(line)]
