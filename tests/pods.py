"""Logs of a function's pods; on a local cluster no collector ships them to CloudWatch."""

import contextlib
from collections.abc import Iterator
from typing import Any

from kubernetes import client, config

from local.cluster import Cluster

CONTAINERS = ("adapter", "app")


def list_app_exits(cluster: Cluster, namespace: str, function: str) -> list[tuple[int, int]]:
    """Return restarts and exit status of the app in each ended pod."""
    found = []
    for pod in _pods(cluster, namespace, function)[1]:
        states = {each.name: each for each in pod.status.init_container_statuses or []}
        if pod.status.phase in {"Succeeded", "Failed"} and (ended := states["app"].state.terminated):
            found.append((states["app"].restart_count, ended.exit_code))
    return found


def lines(cluster: Cluster, namespace: str, function: str) -> Iterator[str]:
    """Yield log lines of the pods that still exist, ended or not."""
    pods, there = _pods(cluster, namespace, function)
    for pod in there:
        for container in CONTAINERS:
            with contextlib.suppress(client.ApiException):  # not started yet, or deleted
                said = pods.read_namespaced_pod_log(pod.metadata.name, namespace, container=container)
                yield from (said or "").splitlines()


def _pods(cluster: Cluster, namespace: str, function: str) -> tuple[Any, Any]:
    connected = config.new_client_from_config(str(cluster.kubeconfig))  # type: ignore[no-untyped-call]
    api: Any = client.CoreV1Api(connected)
    return api, api.list_namespaced_pod(namespace, label_selector=f"intermodal/function={function}").items
