"""What a chaos run may kill on each target, and how."""

import contextlib
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from docker import DockerClient
from docker.errors import DockerException

from intermodal_offline.cluster.node import Node
from intermodal_offline.providers.kubernetes.api import Api, ApiError
from intermodal_offline.providers.kubernetes.kubeconfig import Chosen, connection
from local import processes
from local.advice import LocalError
from local.aws import consumers
from local.aws.container import LABEL
from local.aws.settings import Emulator
from local.cluster import Cluster

Kill = Callable[[], bool]
"""Kills one; False where there is none at the moment."""

KILLED_SECONDS = 2.0
"""Until the emulator, when it is busy, says that it did."""


@dataclass(frozen=True)
class Containers:
    """Docker containers of one embedded AWS."""

    client: DockerClient
    emulator: Emulator

    def named(self, part: str) -> list[Any]:
        """Those that run and have this in their name, the oldest first."""
        label = f"{LABEL}={self.emulator.label}"
        found = self.client.containers.list(filters={"label": label, "status": "running"}, ignore_removed=True)
        return sorted((one for one in found if part in str(one.name)), key=lambda one: str(one.attrs["Created"]))

    def kill_one(self, part: str) -> bool:
        """The oldest of them, by SIGKILL."""
        return any(_killed(one) for one in self.named(part)[:1])

    def kill_task(self) -> bool:
        """Every container of a task at once, as when its machine goes away."""
        adapters = self.named("-adapter")
        if not adapters:
            return False
        task = adapters[0].name.removesuffix("-adapter")
        return [_killed(one) for one in self.named(task)].count(True) > 0


def _killed(container: Any) -> bool:
    with contextlib.suppress(DockerException):  # it ended meanwhile
        container.kill()
        return True
    return False


def of_lambda(containers: Containers) -> Mapping[str, Kill]:
    """The execution environment, and the mapping's consumer; there is no adapter on Lambda."""
    return {
        "environment": lambda: containers.kill_one("intermodal-"),
        "consumer": lambda: kill_consumer(containers.emulator),
    }


def kill_consumer(emulator: Emulator) -> bool:
    """The mapping's own, between the run and the deletion of its messages."""
    pid, before = processes.find(emulator.pid_file), emulator.log.read_text().count(consumers.KILLED)
    assert pid, "the emulator ended"
    os.kill(pid, consumers.KILL)
    return processes.poll(lambda: emulator.log.read_text().count(consumers.KILLED) > before, KILLED_SECONDS)


def of_ecs(containers: Containers) -> Mapping[str, Kill]:
    """Each container of a task, and the task."""
    return {
        "adapter": lambda: containers.kill_one("-adapter"),
        "app": lambda: containers.kill_one("-app"),
        "task": containers.kill_task,
    }


def of_kubernetes(cluster: Cluster, namespace: str) -> Mapping[str, Kill]:
    """Pods, and on the cluster that is built here their containers, kubelet and KEDA."""
    api = Api(connection(Chosen(kubeconfig=str(cluster.kubeconfig))))
    kills: dict[str, Kill] = {"pod": lambda: _kill_pod(api, namespace)}
    if isinstance(cluster, Node):
        kills |= {name: _container(cluster, namespace, name) for name in ("adapter", "app")}
        kills |= {name: _program(cluster, name) for name in ("kubelet", "keda-operator")}
    return kills


def _kill_pod(api: Api, namespace: str) -> bool:
    """By an eviction without any grace."""
    path = f"/api/v1/namespaces/{namespace}/pods"
    pods = [pod for pod in (api.get(path) or {})["items"] if pod["status"]["phase"] == "Running"]
    if not pods:
        return False
    name = pods[0]["metadata"]["name"]
    about = {"name": name, "namespace": namespace}
    options = {"gracePeriodSeconds": 0}
    eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": about, "deleteOptions": options}
    with contextlib.suppress(ApiError):  # it ended meanwhile
        api.create(f"{path}/{name}/eviction", eviction)
        return True
    return False


def _container(cluster: Node, namespace: str, name: str) -> Kill:
    return lambda: cluster.kill_container(namespace, name)


def _program(cluster: Node, name: str) -> Kill:
    def kill() -> bool:
        with contextlib.suppress(LocalError, ProcessLookupError):  # it is just beginning again
            os.kill(cluster.program(name), signal.SIGKILL)
            return True
        return False

    return kill
