"""Run tasks on the AWS emulator: an image with Python and boto3 runs the program in the task definition."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.aws import deployer
from local.aws.settings import ACCOUNT, REGION, Emulator
from local.cache import hold_lock
from local.docker import images
from local.docker.daemon import Docker
from local.processes import poll

GROUP, CLUSTER = "ecs-logs", "workers"
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"},
        ],
    }
)
SECONDS = 60.0


@dataclass(kw_only=True)
class Ecs:
    """ECS in the AWS emulator, with helpers for tests."""

    client: Callable[[str], Any]
    image: str
    roles: dict[str, str]
    families: list[str] = field(default_factory=list)

    def python(self, name: str, program: str, **more: Any) -> dict[str, Any]:
        """Return a container that runs a program and logs to the log group."""
        options = {"awslogs-group": GROUP, "awslogs-region": "eu-central-1", "awslogs-stream-prefix": "t"}
        return {
            "name": name,
            "image": self.image,
            "entryPoint": ["python", "-uc"],
            "command": [program],
            "logConfiguration": {"logDriver": "awslogs", "options": options},
            "stopTimeout": 2,
            **more,
        }

    def define(self, *containers: dict[str, Any], **more: Any) -> str:
        """Register a task definition; return its ARN."""
        family = f"t-{time.time_ns()}"
        given = {
            "networkMode": "awsvpc",
            "requiresCompatibilities": ["FARGATE"],
            "cpu": "256",
            "memory": "512",
            "taskRoleArn": self.roles["task"],
            "executionRoleArn": self.roles["execution"],
        }
        wanted = {name: value for name, value in (given | more).items() if value is not None}
        answer = self.client("ecs").register_task_definition(
            family=family, containerDefinitions=list(containers), **wanted
        )
        return str(answer["taskDefinition"]["taskDefinitionArn"])

    def start(self, definition: str, **more: Any) -> str:
        """Start one task; return its ARN."""
        answer = self.client("ecs").run_task(
            cluster=CLUSTER, taskDefinition=definition, launchType="FARGATE", networkConfiguration=NETWORK, **more
        )
        return str(answer["tasks"][0]["taskArn"])

    def describe(self, arn: str) -> dict[str, Any]:
        """Describe a task."""
        found: dict[str, Any] = self.client("ecs").describe_tasks(cluster=CLUSTER, tasks=[arn])["tasks"][0]
        return found

    def until(self, arn: str, status: str = "STOPPED") -> dict[str, Any]:
        """Wait until a task has this state; return its description."""
        assert poll(lambda: self.describe(arn)["lastStatus"] in {status, "STOPPED"}, SECONDS), self.describe(arn)
        task = self.describe(arn)
        assert task["lastStatus"] == status, task
        return task

    def run(self, *containers: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Run a task until it stops."""
        return self.until(self.start(self.define(*containers, **more)))

    def log_lines(self, task: dict[str, Any] | str, container: str) -> list[str]:
        """Return a container's log lines."""
        arn = task if isinstance(task, str) else task["taskArn"]
        stream = f"t/{container}/{arn.rsplit('/', 1)[-1]}"
        try:
            answer = self.client("logs").get_log_events(logGroupName=GROUP, logStreamName=stream, startFromHead=True)
        except ClientError:  # the container has not started yet
            return []
        return [event["message"] for event in answer["events"]]

    def wait_for_line(self, task: dict[str, Any] | str, container: str, line: str) -> None:
        """Wait for a log line."""
        assert poll(lambda: line in self.log_lines(task, container), SECONDS), self.log_lines(task, container)


def exit_codes(task: dict[str, Any]) -> dict[str, int | None]:
    """Return the exit code of each container."""
    return {container["name"]: container.get("exitCode") for container in task["containers"]}


def _role(iam: Any, name: str, actions: list[str], resource: str = "*") -> str:
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    allowed = {"Effect": "Allow", "Action": actions, "Resource": resource}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=document)
    return str(arn)


@pytest.fixture(scope="module")
def worker_image(docker: Docker) -> str:
    """Return the adapter's image."""
    with closing(docker.client()) as client, hold_lock("tests-images"):
        return images.ensure(client, ["runtime"])[0]


@pytest.fixture(scope="module")
def ecs(emulator: Emulator, images_of_examples: dict[str, str]) -> Iterator[Ecs]:
    """Create a cluster, a log group and the roles `task` (one queue, protection) and `execution` (logs, secrets)."""
    session = deployer.session(emulator)
    connect: Any = session.client

    def client(service: str) -> Any:
        return connect(service, endpoint_url=emulator.endpoint)

    executes = ["logs:CreateLogStream", "logs:PutLogEvents", "ssm:GetParameters", "secretsmanager:GetSecretValue"]
    granted = {
        "task": ["sqs:*", "ecs:*TaskProtection"],
        "execution": executes,
        "nothing": ["s3:ListAllMyBuckets"],
        "own": ["ecs:UpdateTaskProtection", "ecs:GetTaskProtection"],
        "other": ["ecs:UpdateTaskProtection", "ecs:GetTaskProtection"],
    }
    tasks = f"arn:aws:ecs:{REGION}:{ACCOUNT}:task"
    resources = {"own": f"{tasks}/{CLUSTER}/*", "other": f"{tasks}/another/*"}
    roles = {
        name: _role(client("iam"), f"ecs-{name}", actions, resources.get(name, "*"))
        for name, actions in granted.items()
    }
    client("ecs").create_cluster(clusterName=CLUSTER)
    client("logs").create_log_group(logGroupName=GROUP)
    yield Ecs(client=client, image=images_of_examples["tests/local/modes"], roles=roles)
    client("logs").delete_log_group(logGroupName=GROUP)
    for name in granted:
        client("iam").delete_role_policy(RoleName=f"ecs-{name}", PolicyName="p")
        client("iam").delete_role(RoleName=f"ecs-{name}")
