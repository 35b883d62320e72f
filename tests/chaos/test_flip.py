"""The target of a function flips while messages keep coming: nothing is lost, and no work under way is killed."""

import json
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from local import processes
from local.aws import deployer
from local.aws.settings import Emulator
from local.cache import locked
from local.docker import images
from local.docker.daemon import Docker
from local.engine.workspace import Workspace
from tests.engine.conftest import workspace
from tests.engine.project import Project
from tests.engine.transitions.stack import STATEFUL

__all__ = ["workspace"]

FLIPS = int(os.environ.get("CHAOS_FLIPS", "2"))
WORK_SECONDS = 1.0
SEND_EVERY_SECONDS = 0.25
SETTLE_SECONDS = 420.0
"""What was in flight on Lambda when it went may come back only after six timeouts (360 s)."""


class Load:
    """Messages that keep coming, and what became of them."""

    def __init__(self, sqs: Any, outputs: dict[str, Any]) -> None:
        self._sqs, self._outputs = sqs, outputs
        self.sent: list[str] = []
        self.marks: Counter[tuple[str, str]] = Counter()
        self._ended = threading.Event()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Send from a thread while the block runs."""
        thread = threading.Thread(target=self._send)
        thread.start()
        try:
            yield
        finally:
            self._ended.set()
            thread.join()

    def _send(self) -> None:
        while not self._ended.wait(SEND_EVERY_SECONDS):
            name = f"m{len(self.sent)}"
            body = json.dumps({"do": "work", "id": name, "seconds": WORK_SECONDS})
            self._sqs.send_message(QueueUrl=self._outputs["inbox_url"], MessageBody=body)
            self.sent.append(name)

    def look(self) -> None:
        """Read what the runs have marked."""
        url = self._outputs["results_url"]
        while found := self._sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in found:
                mark = json.loads(message["Body"])
                self.marks[mark["id"], mark["what"]] += 1
                self._sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    def dead_letters(self) -> int:
        """How many there are."""
        url = self._sqs.get_queue_url(QueueName=self._outputs["dead_letters_arn"].rpartition(":")[2])["QueueUrl"]
        found = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        return int(found["ApproximateNumberOfMessages"])

    def left(self) -> set[str]:
        """What is not done yet."""
        self.look()
        return {name for name in self.sent if not self.marks[name, "done"]}


@pytest.fixture
def project(
    workspace: Workspace, emulator: Emulator, docker: Docker, tmp_path: Path
) -> Iterator[tuple[Project, dict[str, Any]]]:
    """The stack, not deployed yet, and its config without a target."""
    with closing(docker.client()) as client, locked("tests-images"):
        image, adapter = images.ensure(client, ["tests/conformance/function", "runtime"])
    made = Project.copy(workspace, Path(__file__).parent / "flip", tmp_path / "flip")
    yield made, {"flip:image": image, "flip:adapter": adapter}
    made.destroy()


def test_a_flip_loses_nothing_and_kills_no_work(project: tuple[Project, dict[str, Any]], emulator: Emulator) -> None:
    moving, config = project
    moving.configure({**config, "flip:target": "lambda"})
    outputs = moving.up()
    load = Load(deployer.session(emulator).client("sqs", endpoint_url=emulator.endpoint), outputs)
    with load.running():
        for flip in range(FLIPS):
            time.sleep(3)  # the load is what is tested: let some of it be at work
            target = "lambda" if flip % 2 else "ecs"
            moving.configure({**config, "flip:target": target})
            touched = {what for _, what in moving.changes() if what.split()[0] in STATEFUL}
            assert touched <= {"aws:iam/role:Role moving-main-execution-role"}, "what holds state was touched"
    moving.expect_no_changes()
    assert processes.poll(lambda: not load.left(), SETTLE_SECONDS), f"lost: {sorted(load.left())}"
    started = sum(count for (_, what), count in load.marks.items() if what == "started")
    done = sum(count for (_, what), count in load.marks.items() if what == "done")
    again = done - len(load.sent)
    print(f"\n{FLIPS} flips: {len(load.sent)} messages, {again} done more than once, {started - done} killed")
    assert started == done
    assert load.dead_letters() == 0
