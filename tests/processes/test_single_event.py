"""The adapter runs a single event without a queue, as a process."""

import json
import signal
from pathlib import Path
from typing import Any

from intermodal.deployed.run_result import RunResult
from local.processes import poll
from tests.processes.task import Task


def write_event(folder: Path, content: Any) -> str:
    """Write the event to a file."""
    file = folder / "event.json"
    file.write_text(json.dumps(content))
    return str(file)


def read_response(task: Task) -> RunResult:
    """Return the response as `intermodal run` reads it."""
    found = RunResult.from_lines(json.dumps(line) for line in task.lines())
    assert found is not None
    return found


def test_single_event_logs_its_response_and_skips_the_queue(task: Task) -> None:
    task.send("waits")
    adapter = task.adapter("--event-file", write_event(task.folder, {"hello": "world"}))
    task.app("app.echo")
    assert adapter.wait(20) == 0
    answer = read_response(task)
    assert (answer.ok, answer.payload["event"]) == (True, {"hello": "world"})
    (line,) = [line for line in task.lines() if line.get("type") == "intermodal.answer"]
    assert line["record"]["requestId"] == answer.payload["request_id"]
    assert task.sqs.counts(task.url) == (1, 0)


def test_event_is_read_from_the_command_line(task: Task) -> None:
    """The event is passed as an ECS task gets it."""
    adapter = task.adapter("--event", '{"hello": "world"}')
    task.app("app.echo")
    assert adapter.wait(20) == 0
    assert read_response(task).payload["event"] == {"hello": "world"}


def test_function_arn_has_the_adapters_account(task: Task) -> None:
    """The ARN has the function's account, not the queue's, which another account may own."""
    adapter = task.adapter("--event", "{}", "--account", "123456789012")
    task.app("app.echo")
    assert adapter.wait(20) == 0
    assert read_response(task).payload["arn"].split(":")[4:] == ["123456789012", "function", "scan"]


def test_large_response_is_split_below_the_log_line_limit(task: Task) -> None:
    text = "é" * 200_000
    adapter = task.adapter("--event-file", write_event(task.folder, {"text": text}))
    task.app("app.echo")
    assert adapter.wait(20) == 0
    assert read_response(task).payload["event"] == {"text": text}
    assert max(len(json.dumps(line)) for line in task.lines()) < 262_144


def test_error_is_the_response_and_the_exit_code_is_one(task: Task) -> None:
    adapter = task.adapter("--event-file", write_event(task.folder, {"what": "luck"}))
    task.app("app.fail")
    assert adapter.wait(20) == 1
    answer = read_response(task)
    assert (answer.ok, answer.payload["errorMessage"]) == (False, "no luck")


def test_app_that_does_not_start_is_reported(task: Task) -> None:
    adapter = task.adapter("--event-file", write_event(task.folder, {}), "--start-seconds", "1")
    assert adapter.wait(20) == 1
    assert "the app did not start" in task.notes()


def test_sigterm_stops_a_single_event(task: Task) -> None:
    adapter = task.adapter("--event-file", write_event(task.folder, {}), "--start-seconds", "60")
    assert task.role("gate", "20").wait(25) == 0
    adapter.send_signal(signal.SIGTERM)
    assert poll(lambda: adapter.poll() is not None, 10)
    assert adapter.returncode == 1
