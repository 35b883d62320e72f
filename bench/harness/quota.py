"""Limit the number of pods in a namespace with a Kueue queue."""

from functools import partial
from typing import Any

from bench.harness.namespace import Namespace, until
from intermodal_offline.providers.kubernetes.api import ApiError

QUEUE_LABEL, VERSION = "kueue.x-k8s.io/queue-name", "kueue.x-k8s.io/v1beta2"


def quota(namespace: Namespace, pods: int) -> None:
    """Create or resize a LocalQueue with the name `queue` in a namespace."""
    name = namespace.namespace
    quotas = {"cpu": 8, "memory": "8Gi", "pods": pods}  # must include every resource that pods request
    resources = [{"name": resource, "nominalQuota": quota} for resource, quota in quotas.items()]
    groups = [{"coveredResources": list(quotas), "flavors": [{"name": name, "resources": resources}]}]
    for kind, object_name, spec in (
        ("ResourceFlavor", name, {}),
        ("ClusterQueue", name, {"namespaceSelector": {}, "resourceGroups": groups}),
        ("LocalQueue", "queue", {"clusterQueue": name}),
    ):
        until(partial(_apply, namespace, kind, object_name, spec), "Kueue to serve its kinds", namespace.describe)


def _apply(namespace: Namespace, kind: str, name: str, spec: dict[str, Any]) -> bool:
    """Apply an object; return False if Kueue's webhook is down, which happens when other tests kill kubelet."""
    try:
        namespace.apply(VERSION, kind, name, spec=spec)
    except ApiError as error:
        if "failed calling webhook" not in str(error):
            raise
        return False
    return True


def no_quota(namespace: Namespace) -> None:
    """Delete the cluster-scoped objects, because they outlive the namespace."""
    for kind in ("ClusterQueue", "ResourceFlavor"):
        namespace.api.delete(namespace.path(VERSION, kind, namespace.namespace), "Background")
