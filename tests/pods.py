"""What the pods of a function have said; on a cluster of this machine no collector brings it to CloudWatch."""

import contextlib
from collections.abc import Iterator
from typing import Any

from kubernetes import client, config

from local.cluster import Cluster

CONTAINERS = ("adapter", "app")


def lines(cluster: Cluster, namespace: str, function: str) -> Iterator[str]:
    """Of its pods that are still there, ended or not."""
    connected = config.new_client_from_config(str(cluster.kubeconfig))  # type: ignore[no-untyped-call]
    pods: Any = client.CoreV1Api(connected)
    for pod in pods.list_namespaced_pod(namespace, label_selector=f"intermodal/function={function}").items:
        for container in CONTAINERS:
            with contextlib.suppress(client.ApiException):  # it has not begun, or is gone
                said = pods.read_namespaced_pod_log(pod.metadata.name, namespace, container=container)
                yield from (said or "").splitlines()
