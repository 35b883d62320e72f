"""Kill parts of each target for the chaos tests."""

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
"""A function that kills one victim; it returns False if none is running."""

KILLED_SECONDS = 2.0
"""Time that a busy emulator may take to report a kill."""


@dataclass(frozen=True)
class Containers:
    """Docker containers that belong to one AWS emulator."""

    client: DockerClient
    emulator: Emulator

    def find(self, part: str) -> list[Any]:
        """Return running containers with this string in their name, oldest first."""
        label = f"{LABEL}={self.emulator.label}"
        found = self.client.containers.list(filters={"label": label, "status": "running"}, ignore_removed=True)
        return sorted((one for one in found if part in str(one.name)), key=lambda one: str(one.attrs["Created"]))

    def kill_one(self, part: str) -> bool:
        """Kill the oldest of these containers."""
        return any(_kill(one) for one in self.find(part)[:1])

    def kill_task(self) -> bool:
        """Kill every container of a task at once, like the loss of its host."""
        adapters = self.find("-adapter")
        if not adapters:
            return False
        task = adapters[0].name.removesuffix("-adapter")
        return [_kill(one) for one in self.find(task)].count(True) > 0


def _kill(container: Any) -> bool:
    with contextlib.suppress(DockerException):  # it has exited in the meantime
        container.kill()
        return True
    return False


def lambda_kills(containers: Containers) -> Mapping[str, Kill]:
    """Return functions that kill the execution environment and the mapping's consumer; Lambda has no adapter."""
    return {
        "environment": lambda: containers.kill_one("intermodal-"),
        "consumer": lambda: kill_consumer(containers.emulator),
    }


def kill_consumer(emulator: Emulator) -> bool:
    """Kill the mapping's consumer between the run and the deletion of its messages."""
    pid, before = processes.find(emulator.pid_file), emulator.log.read_text().count(consumers.KILLED)
    assert pid, "the emulator exited"
    os.kill(pid, consumers.KILL)
    return processes.poll(lambda: emulator.log.read_text().count(consumers.KILLED) > before, KILLED_SECONDS)


def ecs_kills(containers: Containers) -> Mapping[str, Kill]:
    """Return functions that kill each container in a task, and the whole task."""
    return {
        "adapter": lambda: containers.kill_one("-adapter"),
        "app": lambda: containers.kill_one("-app"),
        "task": containers.kill_task,
    }


def kubernetes_kills(cluster: Cluster, namespace: str) -> Mapping[str, Kill]:
    """Return functions that kill pods and, on the local cluster, their containers, the kubelet and KEDA."""
    api = Api(connection(Chosen(kubeconfig=str(cluster.kubeconfig))))
    kills: dict[str, Kill] = {"pod": lambda: _kill_pod(api, namespace)}
    if isinstance(cluster, Node):
        kills |= {name: _container_kill(cluster, namespace, name) for name in ("adapter", "app")}
        kills |= {name: _program_kill(cluster, name) for name in ("kubelet", "keda-operator")}
    return kills


def _kill_pod(api: Api, namespace: str) -> bool:
    """Evict a pod without a grace period."""
    path = f"/api/v1/namespaces/{namespace}/pods"
    pods = [pod for pod in (api.get(path) or {})["items"] if pod["status"]["phase"] == "Running"]
    if not pods:
        return False
    name = pods[0]["metadata"]["name"]
    about = {"name": name, "namespace": namespace}
    options = {"gracePeriodSeconds": 0}
    eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": about, "deleteOptions": options}
    with contextlib.suppress(ApiError):  # it has terminated in the meantime
        api.create(f"{path}/{name}/eviction", eviction)
        return True
    return False


def _container_kill(cluster: Node, namespace: str, name: str) -> Kill:
    return lambda: cluster.kill_container(namespace, name)


def _program_kill(cluster: Node, name: str) -> Kill:
    def kill() -> bool:
        with contextlib.suppress(LocalError, ProcessLookupError):  # it is restarting
            os.kill(cluster.program(name), signal.SIGKILL)
            return True
        return False

    return kill
