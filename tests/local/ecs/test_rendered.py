"""The task that the library renders behaves correctly on the emulator."""

import json
import time
from collections.abc import Iterator

import pytest

from tests.conftest import Run
from tests.local.ecs.conftest import CLUSTER, Ecs, exit_codes
from tests.local.ecs.rendered import Worker, crash_lines, serving

START = """
import os
open("/tmp/h.py", "w").write(os.environ["HANDLER"])
os.environ["PYTHONPATH"] = "/tmp"
os.execvp("python", ["python", "-m", "awslambdaric", "h.handler"])
"""
HANDLER = """
import json, os, time
def handler(event, context):
    for record in event.get("Records", []):
        word = record["body"]
        print(json.dumps({"word": word}), flush=True)
        if word == "who":
            try:
                open("/var/task/own", "w")
                note = "writable"
            except OSError as error:
                note = error.strerror
            print(json.dumps({"user": [os.getuid(), os.getgid()], "root": note, "first": os.getpid() == 1}), flush=True)
        if word == "memory":
            bytearray(1 << 30)
        if word == "exit":
            os._exit(3)
        if word == "slow":
            time.sleep(4)
            print(json.dumps({"word": "done"}), flush=True)
    return {}
"""


@pytest.fixture
def worker(ecs: Ecs, cloud: Run, worker_image: str) -> Iterator[Worker]:
    """Run a Python app with the program above as its handler."""
    app = {"image": ecs.image, "entryPoint": ["python", "-c", START]}
    with serving(ecs, cloud, worker_image, app, {"HANDLER": HANDLER}) as made:
        yield made


def test_app_has_lambdas_user_and_exits_cleanly_on_scale_in(worker: Worker) -> None:
    worker.send("who")
    worker.until(lambda: worker.has_line("app", user=[993, 990], root="Read-only file system", first=False))
    worker.until(lambda: worker.count_messages() == 0)
    (task,) = worker.tasks()
    worker.scale(0)
    worker.until(lambda: worker.ecs.describe(task)["desiredStatus"] == "STOPPED")
    began = time.monotonic()
    stopped = worker.ecs.until(task)
    assert time.monotonic() - began < 30
    assert exit_codes(stopped) == {"adapter": 0, "gate": 0, "app": 143, "waiter": 0}
    assert crash_lines(worker.ecs, task) == []


def test_work_in_flight_finishes_before_the_app_stops(worker: Worker) -> None:
    worker.send("slow")
    worker.until(lambda: worker.has_line("app", word="slow"))
    (task,) = worker.tasks()
    worker.ecs.client("ecs").stop_task(cluster=CLUSTER, task=task)
    worker.scale(0)
    stopped = worker.ecs.until(task)
    assert worker.has_line("app", word="done")
    assert worker.count_messages() == 0
    assert exit_codes(stopped) == {"adapter": 0, "gate": 0, "app": 143, "waiter": 0}
    assert crash_lines(worker.ecs, task) == []


@pytest.mark.parametrize(
    ("word", "kind", "advice", "code"),
    [
        ("memory", "Runtime.OutOfMemory", "raise memory_mib", 137),
        ("exit", "Runtime.ExitError", "exit status 3", 3),
    ],
)
def test_report_has_the_apps_exit_reason(worker: Worker, word: str, kind: str, advice: str, code: int) -> None:
    worker.send(word)
    worker.until(lambda: [line for line in worker.lines("adapter") if line.get("type") == "platform.report"])
    report = next(line for line in worker.lines("adapter") if line.get("type") == "platform.report")
    assert report["record"]["errorType"] == kind
    assert advice in next(iter(report["failed"].values()))
    if word == "memory":
        assert report["record"]["metrics"]["maxMemoryUsedMB"] == 256
    (first, *_) = worker.tasks("STOPPED")
    assert exit_codes(worker.ecs.until(first))["app"] == code
    worker.scale(0)
    worker.ecs.client("sqs").purge_queue(QueueUrl=worker.url)


def test_single_event_runs_without_a_crash_line(worker: Worker) -> None:
    """Use the command that `intermodal run` starts."""
    worker.scale(0)
    command = [*worker.command, "--event", json.dumps({"Records": [{"body": "who"}]})]
    overrides = {"containerOverrides": [{"name": "adapter", "command": command}]}
    task = worker.ecs.start(worker.definition, overrides=overrides)
    stopped = worker.ecs.until(task)
    assert exit_codes(stopped) == {"adapter": 0, "gate": 0, "app": 143, "waiter": 0}
    assert any("intermodal.answer" in line for line in worker.ecs.log_lines(task, "adapter"))
    assert crash_lines(worker.ecs, task) == []
