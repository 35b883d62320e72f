"""A stopped emulator leaves nothing behind; what a killed one leaves is removed when it next starts."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.harness.ports import free_port
from local.advice import LocalError
from local.aws import control, deployer
from local.aws.container import LABEL
from local.aws.settings import Emulator
from local.docker.daemon import Docker
from local.processes import find, is_alive, poll

NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}


@pytest.fixture
def own(docker: Docker, tmp_path: Path) -> Iterator[Emulator]:
    """Start an emulator that the test may kill."""
    made = Emulator(folder=tmp_path / "aws", port=free_port())
    control.start(made, docker.host)
    yield made
    control.stop(made)


def test_service_restarts_and_leaves_nothing_behind(
    own: Emulator, docker: Docker, images_of_examples: dict[str, str]
) -> None:
    client = docker.client()
    label: dict[str, str | list[str] | bool] = {"label": f"{LABEL}={own.label}"}

    def containers() -> set[str]:
        return {container.id or "" for container in client.containers.list(filters=label)}

    connect: Any = deployer.session(own).client
    ecs: Callable[[], Any] = lambda: connect("ecs", endpoint_url=own.endpoint)  # noqa: E731
    image = images_of_examples["tests/local/modes"]
    app = {"name": "app", "image": image, "entryPoint": ["sleep"], "command": ["600"], "stopTimeout": 2}
    ecs().create_cluster(clusterName="c")
    ecs().register_task_definition(
        family="f", networkMode="awsvpc", containerDefinitions=[app], volumes=[{"name": "v"}]
    )
    ecs().create_service(cluster="c", serviceName="s", taskDefinition="f", desiredCount=1, networkConfiguration=NETWORK)

    def running() -> bool:
        return bool(ecs().describe_services(cluster="c", services=["s"])["services"][0]["runningCount"] == 1)

    assert poll(running, 30)
    saved = own.folder / "state" / "ecs.json"
    assert poll(lambda: saved.exists() and '"serviceName"' in saved.read_text(), 30)
    before = containers()
    assert len(before) == 2
    pid = find(own.pid_file)
    assert pid
    os.kill(pid, signal.SIGKILL)
    assert poll(lambda: not is_alive(pid) and _is_closed(own.port), 10)
    assert containers() == before

    control.start(own, docker.host)
    assert not before & containers()
    assert poll(lambda: len(containers()) == 2 and running(), 30)

    control.stop(own)
    assert not client.containers.list(all=True, filters=label)
    assert not client.volumes.list(filters=label)
    client.close()


def _is_closed(port: int) -> bool:
    """Return whether the port is closed; threads of a killed process exit one by one."""
    try:
        control.refuse_taken_port(port)
    except LocalError:
        return False
    return True
