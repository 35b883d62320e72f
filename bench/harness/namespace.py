"""Create, read, and wait for objects in a namespace."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from intermodal_offline.providers.kubernetes.api import Api
from local import processes

MANAGER = "tests"
SECONDS = 60.0

Object = dict[str, Any]


@dataclass(frozen=True)
class Namespace:
    """Client for the objects in a namespace."""

    api: Api
    namespace: str

    def apply(self, api_version: str, kind: str, name: str, **parts: Any) -> Object:
        """Apply an object in this namespace, or a cluster-scoped object, and return it."""
        labels = parts.pop("labels", {})
        served = self.api.served(api_version, kind)
        metadata = {"name": name, "labels": labels, **({"namespace": self.namespace} if served.namespaced else {})}
        body = {"apiVersion": api_version, "kind": kind, "metadata": metadata, **parts}
        return self.api.apply(self.path(api_version, kind, name), body, manager=MANAGER, force=True)

    def path(self, api_version: str, kind: str, name: str) -> str:
        """Return an object's URL path."""
        return self.api.path(api_version, kind, self.namespace, name)

    def job(self, name: str) -> Object:
        """Return the Job with this name, or an empty dict if it does not exist."""
        return self.api.get(self.path("batch/v1", "Job", name)) or {}

    def jobs(self, selector: str = "") -> list[Object]:
        """Return the Jobs that match a label selector; all by default."""
        return self._list(f"/apis/batch/v1/namespaces/{self.namespace}/jobs", labelSelector=selector)

    def events(self, word: str) -> list[str]:
        """Return the event messages that contain `word`."""
        found = self._list(f"/api/v1/namespaces/{self.namespace}/events")
        return [event["message"] for event in found if word in event["message"]]

    def pods(self, selector: str = "") -> list[Object]:
        """Return the pods that match a label selector; all by default."""
        return self._list(f"/api/v1/namespaces/{self.namespace}/pods", labelSelector=selector)

    def completed(self, name: str) -> Object:
        """Wait until a Job has completed and return it; fail if the Job failed."""
        until(lambda: holds(self.job(name), "Complete", "Failed"), f"Job {name} to complete", self.describe)
        job = self.job(name)
        assert holds(job, "Complete"), self.describe()
        return job

    def describe(self) -> str:
        """Return the status of Jobs and pods for a test's failure message."""
        jobs = [str(job.get("status")) for job in self.jobs()[:3]]
        return "\n".join([*jobs, *(str(pod["status"].get("containerStatuses")) for pod in self.pods()[:3])])

    def _list(self, path: str, **query: str) -> list[Object]:
        found: list[Object] = (self.api.get(path, **query) or {})["items"]
        return found


def holds(found: Object, *types: str) -> bool:
    """Return whether one of these conditions is true for an object."""
    conditions = found.get("status", {}).get("conditions") or []
    return any(each["type"] in types and each["status"] == "True" for each in conditions)


def until(
    condition: Callable[[], bool], what: str, describe: Callable[[], str] = lambda: "", seconds: float = SECONDS
) -> None:
    """Poll until `condition` is true.

    Raises:
        TimeoutError: the condition was not true within `seconds`.
    """
    if not processes.poll(condition, seconds):
        raise TimeoutError(f"timed out after {seconds:g} s waiting for {what}\n{describe()}")


def container(name: str, image: str, script: str, **more: Any) -> Object:
    """Return a container spec that runs a Python script."""
    return {
        "name": name, "image": image, "imagePullPolicy": "Never", "command": ["python3", "-c", script],
        "resources": {"requests": {"cpu": "20m", "memory": "16Mi"}}, **more,
    }  # fmt: skip


def pod_of(*containers: Object, **more: Any) -> Object:
    """Return a pod spec that runs these containers once."""
    return {"restartPolicy": "Never", "terminationGracePeriodSeconds": 5, "containers": list(containers), **more}
