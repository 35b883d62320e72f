"""Real Kueue: a Job waits until its queue has room."""

from collections.abc import Iterator

import pytest

from bench.harness.namespace import Place, container, pod_of, until
from bench.harness.quota import QUEUE_LABEL, no_quota, quota


@pytest.fixture
def queue(place: Place) -> Iterator[None]:
    """With room for one pod."""
    quota(place, 1)
    yield
    no_quota(place)


@pytest.mark.usefixtures("queue")
def test_a_job_is_suspended_until_its_queue_has_room(place: Place, python: str) -> None:
    template = {"spec": pod_of(container("main", python, "import signal; signal.pause()"))}
    for name in ("first", "second"):
        place.apply("batch/v1", "Job", name, spec={"template": template}, labels={QUEUE_LABEL: "queue"})
        until(lambda: suspended(place) == expected(place), f"Kueue to have looked at {name}", place.describe)
    assert suspended(place) == {"first": False, "second": True}
    quota(place, 2)
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
