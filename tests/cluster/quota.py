"""A queue of Kueue with room for so many pods, in a namespace."""

from tests.cluster.conftest import Place

QUEUE_LABEL, VERSION = "kueue.x-k8s.io/queue-name", "kueue.x-k8s.io/v1beta2"


def quota(place: Place, pods: int) -> None:
    """Make it, or change its room; the namespace finds it as `queue`."""
    name = place.namespace
    quotas = {"cpu": 8, "memory": "8Gi", "pods": pods}  # whatever a pod asks for must be covered
    resources = [{"name": resource, "nominalQuota": quota} for resource, quota in quotas.items()]
    groups = [{"coveredResources": list(quotas), "flavors": [{"name": name, "resources": resources}]}]
    place.apply(VERSION, "ResourceFlavor", name)
    place.apply(VERSION, "ClusterQueue", name, spec={"namespaceSelector": {}, "resourceGroups": groups})
    place.apply(VERSION, "LocalQueue", "queue", spec={"clusterQueue": name})


def no_quota(place: Place) -> None:
    """What of it outlives the namespace."""
    for kind in ("ClusterQueue", "ResourceFlavor"):
        place.api.delete(place.path(VERSION, kind, place.namespace), "Background")
