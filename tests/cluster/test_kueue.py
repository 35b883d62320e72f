"""Real Kueue: a Job waits until its queue has room."""

from collections.abc import Iterator

import pytest

from tests.cluster.conftest import Place, container, pod_of, until

QUEUE = "kueue.x-k8s.io/queue-name"
VERSION = "kueue.x-k8s.io/v1beta2"


@pytest.fixture
def queue(place: Place) -> Iterator[str]:
    """A queue of the namespace with room for one pod; the name of its ClusterQueue."""
    name = place.namespace
    place.apply(VERSION, "ResourceFlavor", name)
    room(place, 1)
    place.apply(VERSION, "LocalQueue", "queue", spec={"clusterQueue": name})
    yield name
    for kind in ("ClusterQueue", "ResourceFlavor"):
        place.api.delete(place.path(VERSION, kind, name), "Background")


def room(place: Place, pods: int) -> None:
    """Set the quota."""
    name = place.namespace
    quotas = {"cpu": 8, "memory": "8Gi", "pods": pods}  # whatever a pod asks for must be covered
    resources = [{"name": resource, "nominalQuota": quota} for resource, quota in quotas.items()]
    groups = [{"coveredResources": list(quotas), "flavors": [{"name": name, "resources": resources}]}]
    place.apply(VERSION, "ClusterQueue", name, spec={"namespaceSelector": {}, "resourceGroups": groups})


def test_a_job_is_suspended_until_its_queue_has_room(place: Place, python: str, queue: str) -> None:
    template = {"spec": pod_of(container("main", python, "import signal; signal.pause()"))}
    for name in ("first", "second"):
        place.apply("batch/v1", "Job", name, spec={"template": template}, labels={QUEUE: "queue"})
        until(lambda: suspended(place) == expected(place), f"Kueue to have looked at {name}", place.describe)
    assert suspended(place) == {"first": False, "second": True}
    room(place, 2)
    until(lambda: suspended(place) == {"first": False, "second": False}, "room for both", place.describe)
    until(lambda: len(running(place)) == 2, "both to run", place.describe)


def suspended(place: Place) -> dict[str, bool]:
    """Which Jobs are."""
    return {job["metadata"]["name"]: bool(job["spec"].get("suspend")) for job in place.jobs()}


def expected(place: Place) -> dict[str, bool]:
    """The first one goes, the others wait."""
    return {name: name != "first" for name in suspended(place)}


def running(place: Place) -> list[str]:
    """Pods that run."""
    return [pod["metadata"]["name"] for pod in place.pods() if pod["status"].get("phase") == "Running"]
