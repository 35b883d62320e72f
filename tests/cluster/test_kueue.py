"""Real Kueue: a Job waits until its queue has room."""

from collections.abc import Iterator

import pytest

from bench.harness.namespace import Namespace, container, pod_of, until
from bench.harness.quota import QUEUE_LABEL, no_quota, quota


@pytest.fixture
def queue(namespace: Namespace) -> Iterator[None]:
    """Create a queue with room for one pod."""
    quota(namespace, 1)
    yield
    no_quota(namespace)


@pytest.mark.usefixtures("queue")
def test_a_job_is_suspended_until_its_queue_has_room(namespace: Namespace, python: str) -> None:
    template = {"spec": pod_of(container("main", python, "import signal; signal.pause()"))}
    for name in ("first", "second"):
        namespace.apply("batch/v1", "Job", name, spec={"template": template}, labels={QUEUE_LABEL: "queue"})
        until(
            lambda: list_suspended(namespace) == only_first_admitted(namespace),
            f"Kueue to see {name}",
            namespace.describe,
        )
    assert list_suspended(namespace) == {"first": False, "second": True}
    quota(namespace, 2)
    until(lambda: list_suspended(namespace) == {"first": False, "second": False}, "room for both", namespace.describe)
    until(lambda: len(list_running(namespace)) == 2, "both Jobs to run", namespace.describe)


def list_suspended(namespace: Namespace) -> dict[str, bool]:
    """Return whether each Job is suspended, by name."""
    return {job["metadata"]["name"]: bool(job["spec"].get("suspend")) for job in namespace.jobs()}


def only_first_admitted(namespace: Namespace) -> dict[str, bool]:
    """Return the expected state: only the first Job is admitted."""
    return {name: name != "first" for name in list_suspended(namespace)}


def list_running(namespace: Namespace) -> list[str]:
    """Return the names of running pods."""
    return [pod["metadata"]["name"] for pod in namespace.pods() if pod["status"].get("phase") == "Running"]
