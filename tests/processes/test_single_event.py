"""One event that was given, without a queue, through the adapter as a process."""

import json
import signal
from pathlib import Path
from typing import Any

from intermodal.deployed.run_result import RunResult
from local.processes import poll
from tests.processes.task import Task


def event(folder: Path, content: Any) -> str:
    """A file with it."""
    file = folder / "event.json"
    file.write_text(json.dumps(content))
    return str(file)


def answer_of(task: Task) -> RunResult:
    """What was answered, as `intermodal run` reads it."""
    found = RunResult.from_lines(json.dumps(line) for line in task.lines())
    assert found is not None
    return found


def test_single_event_logs_its_answer_and_skips_the_queue(task: Task) -> None:
    task.send("waits")
    adapter = task.adapter("--event-file", event(task.folder, {"hello": "world"}))
    task.app("app.echo")
    assert adapter.wait(20) == 0
    answer = answer_of(task)
    assert (answer.ok, answer.payload["event"]) == (True, {"hello": "world"})
    (line,) = [line for line in task.lines() if line.get("type") == "intermodal.answer"]
    assert line["record"]["requestId"] == answer.payload["request_id"]
    assert task.sqs.counts(task.url) == (1, 0)


def test_an_event_of_the_command_line(task: Task) -> None:
    """As a task of ECS is given it."""
    adapter = task.adapter("--event", '{"hello": "world"}')
    task.app("app.echo")
    assert adapter.wait(20) == 0
    assert answer_of(task).payload["event"] == {"hello": "world"}


def test_the_function_is_of_the_account_that_the_adapter_is_told(task: Task) -> None:
    """And not of the queue's, which may be somebody else's."""
    adapter = task.adapter("--event", "{}", "--account", "123456789012")
    task.app("app.echo")
    assert adapter.wait(20) == 0
    assert answer_of(task).payload["arn"].split(":")[4:] == ["123456789012", "function", "scan"]


def test_a_large_answer_is_in_lines_that_no_log_driver_cuts(task: Task) -> None:
    text = "é" * 200_000
    adapter = task.adapter("--event-file", event(task.folder, {"text": text}))
    task.app("app.echo")
    assert adapter.wait(20) == 0
    assert answer_of(task).payload["event"] == {"text": text}
    assert max(len(json.dumps(line)) for line in task.lines()) < 262_144


def test_an_error_is_the_answer_and_the_exit_code_is_one(task: Task) -> None:
    adapter = task.adapter("--event-file", event(task.folder, {"what": "luck"}))
    task.app("app.fail")
    assert adapter.wait(20) == 1
    answer = answer_of(task)
    assert (answer.ok, answer.payload["errorMessage"]) == (False, "no luck")


def test_an_app_that_does_not_start_is_said(task: Task) -> None:
    adapter = task.adapter("--event-file", event(task.folder, {}), "--start-seconds", "1")
    assert adapter.wait(20) == 1
    assert "the app does not start" in task.notes()


def test_sigterm_ends_it(task: Task) -> None:
    adapter = task.adapter("--event-file", event(task.folder, {}), "--start-seconds", "60")
    assert task.role("gate", "20").wait(25) == 0
    adapter.send_signal(signal.SIGTERM)
    assert poll(lambda: adapter.poll() is not None, 10)
    assert adapter.returncode == 1
