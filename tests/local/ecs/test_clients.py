"""AWS's Go, Rust and Java clients have the same outcomes in a task as Python's, and do not crash on scale-in."""

import json
from collections.abc import Iterator
from contextlib import closing

import pytest

from local.cache import hold_lock
from local.docker.daemon import Docker
from tests.conformance import clients
from tests.conftest import Run
from tests.local.ecs.conftest import Ecs, exit_codes
from tests.local.ecs.rendered import Worker, crash_lines, serving


@pytest.fixture(params=clients.BUILDS)
def worker(request: pytest.FixtureRequest, ecs: Ecs, cloud: Run, worker_image: str, docker: Docker) -> Iterator[Worker]:
    """Run a task whose function is written in one language."""
    with closing(docker.client()) as client, hold_lock("tests-images"):
        image = clients.build_images(client)[request.param]
    with serving(ecs, cloud, worker_image, {"image": image}) as made:
        yield made


def test_client_handles_events_and_exits_without_a_crash(worker: Worker) -> None:
    worker.send(json.dumps({"do": "ok", "id": "one"}))
    worker.until(lambda: worker.has_line("app", id="one", in_time=True, memory="256"))
    worker.until(lambda: worker.count_messages() == 0)
    worker.send(json.dumps({"do": "error", "id": "broken"}))
    worker.until(lambda: any("broken" in str(line.get("failed")) for line in worker.lines("adapter")))
    worker.ecs.client("sqs").purge_queue(QueueUrl=worker.url)
    worker.send(json.dumps({"do": "bad", "id": "item"}))
    worker.until(lambda: any("BatchItemFailure" in str(line.get("failed")) for line in worker.lines("adapter")))
    worker.ecs.client("sqs").purge_queue(QueueUrl=worker.url)
    (task,) = worker.tasks()
    worker.scale(0)
    worker.until(lambda: worker.ecs.describe(task)["desiredStatus"] == "STOPPED")
    stopped = worker.ecs.until(task)
    assert exit_codes(stopped) == {"adapter": 0, "gate": 0, "app": 143, "waiter": 0}
    errors = [line for line in crash_lines(worker.ecs, task) if "broken" not in line and "platform.report" not in line]
    assert errors == []
