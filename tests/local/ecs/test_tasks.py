"""Containers behave as their task definition says, and a task stops as on ECS."""

import time
from contextlib import closing
from typing import Any

import pytest

from local.docker.daemon import Docker
from tests.local import foreign
from tests.local.ecs.conftest import GROUP, Ecs, exit_codes
from tests.local.ecs.task_programs import STUBBORN, TELL, WAIT


def reasons(task: dict[str, Any]) -> dict[str, str]:
    """Return each container's stop reason, by name."""
    return {container["name"]: container.get("reason", "") for container in task["containers"]}


def test_container_waits_for_its_dependencies(ecs: Ecs) -> None:
    healthy = {"command": ["CMD-SHELL", "test -e /tmp/well"], "interval": 5, "startPeriod": 0}
    task = ecs.run(
        ecs.python("ends", "raise SystemExit(3)", essential=False),
        ecs.python("well", "open('/tmp/well', 'w')\n" + WAIT, essential=False, healthCheck=healthy),
        ecs.python(
            "app",
            "print('at last')",
            dependsOn=[
                {"containerName": "ends", "condition": "COMPLETE"},
                {"containerName": "well", "condition": "HEALTHY"},
            ],
        ),
    )
    assert ecs.log_lines(task, "app") == ["at last"]
    assert exit_codes(task) == {"ends": 3, "well": 0, "app": 0}


def test_task_stops_when_a_dependency_fails(ecs: Ecs) -> None:
    task = ecs.run(
        ecs.python("gate", "raise SystemExit(1)", essential=False),
        ecs.python("app", "print('never')", dependsOn=[{"containerName": "gate", "condition": "SUCCESS"}]),
    )
    assert (task["stopCode"], exit_codes(task)) == ("TaskFailedToStart", {"gate": 1, "app": 143})
    assert "dependency did not exit successfully" in reasons(task)["app"]
    assert ecs.log_lines(task, "app") == []


def test_containers_stop_before_their_dependencies(ecs: Ecs) -> None:
    task = ecs.start(
        ecs.define(
            ecs.python("first", TELL.format(hold=0), stopTimeout=10),
            ecs.python(
                "last",
                TELL.format(hold=1),
                stopTimeout=10,
                dependsOn=[{"containerName": "first", "condition": "START"}],
            ),
        )
    )
    for name in ("first", "last"):
        ecs.wait_for_line(task, name, "ready")
    ecs.client("ecs").stop_task(cluster="workers", task=task, reason="enough")
    assert ecs.describe(task)["desiredStatus"] == "STOPPED"
    stopped = ecs.until(task)
    end_times = {name: float(ecs.log_lines(task, name)[-1]) for name in ("first", "last")}
    assert end_times["first"] - end_times["last"] >= 1
    assert (stopped["stopCode"], stopped["stoppedReason"]) == ("UserInitiated", "enough")


def test_container_is_killed_after_its_stop_timeout(ecs: Ecs) -> None:
    task = ecs.start(ecs.define(ecs.python("quick", WAIT), ecs.python("stubborn", STUBBORN, stopTimeout=3)))
    ecs.wait_for_line(task, "stubborn", "ready")
    ecs.until(task, "RUNNING")
    began = time.monotonic()
    ecs.client("ecs").stop_task(cluster="workers", task=task)
    assert exit_codes(ecs.until(task)) == {"quick": 0, "stubborn": 137}
    assert 3 <= time.monotonic() - began < 15


def test_image_for_another_architecture_is_reported(ecs: Ecs, docker: Docker) -> None:
    with closing(docker.client()) as client:
        image = foreign.load(client)
    task = ecs.run({"name": "app", "image": image})
    assert f"exec format error: the image is built for {foreign.FOREIGN}" in reasons(task)["app"]


def test_out_of_memory_is_reported(ecs: Ecs) -> None:
    task = ecs.run(ecs.python("app", "bytearray(1 << 30)", memory=64))
    assert exit_codes(task) == {"app": 137}
    assert reasons(task)["app"] == "OutOfMemoryError: Container killed due to memory usage"


DESCRIBE = """
import os, resource
print(os.getuid(), os.getcwd(), open("/proc/1/comm").read().strip())
print(open("/shared/note").read())
try:
    open("/elsewhere", "w")
except OSError as error:
    print(error.strerror)
print([line.split()[2] for line in open("/proc/mounts") if line.split()[1] == "/quick"])
print(os.environ["PLAIN"], os.environ["AWS_REGION"], os.environ["AWS_EXECUTION_ENV"])
"""


def test_user_workdir_file_systems_and_init_are_as_defined(ecs: Ecs) -> None:
    shared = [{"sourceVolume": "notes", "containerPath": "/shared"}]
    task = ecs.run(
        ecs.python("writer", "open('/shared/note', 'w').write('hello')", essential=False, mountPoints=shared),
        ecs.python(
            "app",
            DESCRIBE,
            user="1000",
            workingDirectory="/tmp",  # noqa: S108 - in the container
            readonlyRootFilesystem=True,
            linuxParameters={"initProcessEnabled": True, "tmpfs": [{"containerPath": "/quick", "size": 1}]},
            environment=[{"name": "PLAIN", "value": "yes"}],
            mountPoints=shared,
            dependsOn=[{"containerName": "writer", "condition": "SUCCESS"}],
        ),
        volumes=[{"name": "notes"}],
    )
    assert ecs.log_lines(task, "app") == [
        "1000 /tmp docker-init",
        "hello",
        "Read-only file system",
        "['tmpfs']",
        "yes eu-central-1 AWS_ECS_FARGATE",
    ]


def test_secrets_are_read_from_both_stores(ecs: Ecs) -> None:
    name = f"s{time.time_ns()}"
    ecs.client("ssm").put_parameter(Name=f"/{name}", Value="from ssm", Type="SecureString")
    secret = ecs.client("secretsmanager").create_secret(Name=name, SecretString='{"key": "from a secret"}')["ARN"]
    wanted = [{"name": "A", "valueFrom": f"/{name}"}, {"name": "B", "valueFrom": f"{secret}:key::"}]
    program = "import os\nprint(os.environ['A'], os.environ['B'], sep=', ')"
    task = ecs.run(ecs.python("app", program, secrets=wanted))
    assert ecs.log_lines(task, "app") == ["from ssm, from a secret"]

    for refused in ("/not/there", f"{secret}:key"):  # after an ARN, ECS accepts all three fields or none
        task = ecs.run(ecs.python("app", program, secrets=[{"name": "A", "valueFrom": refused}]))
        assert task["stopCode"] == "TaskFailedToStart"
        assert task["stoppedReason"].startswith("ResourceInitializationError: unable to pull secrets")


def test_task_without_log_permission_does_not_start(ecs: Ecs) -> None:
    task = ecs.run(ecs.python("app", "print(1)"), executionRoleArn=ecs.roles["nothing"])
    assert "failed to create Cloudwatch log stream" in task["stoppedReason"]
    assert "logs:CreateLogStream" in task["stoppedReason"]


def test_missing_image_is_not_pulled(ecs: Ecs) -> None:
    began = time.monotonic()
    task = ecs.run({"name": "app", "image": "nowhere.invalid/absent:1"})
    assert task["stopCode"] == "TaskFailedToStart"
    assert task["stoppedReason"].startswith("CannotPullContainerError: ")
    assert time.monotonic() - began < 10


def test_missing_command_is_reported(ecs: Ecs) -> None:
    task = ecs.run(ecs.python("app", "print(1)", entryPoint=["/no/such/file"]))
    assert task["stopCode"] == "TaskFailedToStart"
    assert "CannotStartContainerError" in reasons(task)["app"]


METADATA = """
import json, os, threading, time, urllib.request
base = os.environ["ECS_CONTAINER_METADATA_URI_V4"]
def get(path): return json.load(urllib.request.urlopen(base + path))
print(get("")["Name"], get("/task")["DesiredStatus"], sorted(c["Name"] for c in get("/task")["Containers"]))
import signal
def end(*_):
    print(get("/task")["DesiredStatus"]); raise SystemExit(0)
signal.signal(signal.SIGTERM, end)
print("ready")
while True: time.sleep(0.1)
"""


def test_metadata_shows_that_a_task_is_stopping(ecs: Ecs) -> None:
    task = ecs.start(ecs.define(ecs.python("app", METADATA, stopTimeout=10), ecs.python("side", WAIT)))
    ecs.wait_for_line(task, "app", "ready")
    ecs.client("ecs").stop_task(cluster="workers", task=task)
    ecs.until(task)
    assert ecs.log_lines(task, "app") == ["app RUNNING ['app', 'side']", "ready", "STOPPED"]


STATS = """
import json, os, time, urllib.request
base = os.environ["ECS_CONTAINER_METADATA_URI_V4"]
def get(path): return json.load(urllib.request.urlopen(base + path))
held = bytearray(40 << 20)
[own] = [one["DockerId"] for one in get("/task")["Containers"] if one["Name"] == "app"]
print(get("/task/stats")[own])
while not (stats := get("/task/stats")[own]): time.sleep(0.1)
print(stats["cpu_stats"]["cpu_usage"]["total_usage"] > 0, stats["memory_stats"]["usage"] > 40 << 20)
print(get("/stats")["memory_stats"]["limit"] == 128 << 20)
"""


def test_statistics_match_docker_once_available(ecs: Ecs) -> None:
    task = ecs.run(ecs.python("app", STATS, memory=128))
    assert ecs.log_lines(task, "app") == ["None", "True True", "True"]


def test_other_network_modes_are_rejected(ecs: Ecs) -> None:
    task = ecs.run(
        {"name": "app", "image": ecs.image, "memory": 64}, networkMode="bridge", requiresCompatibilities=["EC2"]
    )
    assert "networkMode must be awsvpc" in task["stoppedReason"]


def test_stopped_tasks_leave_nothing_behind(ecs: Ecs, docker: Docker) -> None:
    task = ecs.run(ecs.python("app", "print(1)"), volumes=[{"name": "v"}])
    identity = task["taskArn"].rsplit("/", 1)[-1][:12]
    client = docker.client()
    try:
        assert not client.containers.list(all=True, filters={"name": identity})
        assert not client.volumes.list(filters={"name": identity})
    finally:
        client.close()
    assert ecs.client("logs").describe_log_groups(logGroupNamePrefix=GROUP)["logGroups"]


@pytest.mark.parametrize("role", ["task", "nothing"])
def test_task_has_its_roles_permissions(ecs: Ecs, role: str) -> None:
    program = (
        "import boto3\nfor call in (boto3.client('sqs').list_queues, boto3.client('s3').list_buckets):\n"
        "    try:\n        call(); print('yes')\n    except Exception as error:\n        print('no')"
    )
    task = ecs.run(ecs.python("app", program), taskRoleArn=ecs.roles[role])
    assert ecs.log_lines(task, "app") == (["yes", "no"] if role == "task" else ["no", "yes"])
