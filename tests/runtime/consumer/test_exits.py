"""A run without a response fails with the right reason."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from intermodal_runtime.consumer.exits import ASKED_AGAIN, ENDED, ExitExplainer, Process
from intermodal_runtime.consumer.usage import Meter, Processes, Reading
from intermodal_runtime.invocation import Result, make_failure
from intermodal_runtime.pod import count_early_exits, fail_when_app_is_gone
from tests.runtime.clock import advance, advance_until
from tests.runtime.consumer.worker import ScriptedQueue, consuming, make_message
from tests.runtime.harness import NEXT, Harness

LOST = "Runtime exited: its client requested another event while this event was in progress"
KILLED = "Runtime exited with error: signal: killed"
STATUS_3 = "Runtime exited with error: exit status 3"
OLD, NEW = Process(7, 100), Process(7, 200)


class App:
    """An app whose first process the test sets."""

    def __init__(self, first: Process | None = OLD) -> None:
        self.now = first

    def find_first(self) -> Process | None:
        return self.now


@pytest.fixture
def vmstat(tmp_path: Path) -> Path:
    """Write the statistics of a machine whose kernel killed two processes for memory."""
    made = tmp_path / "vmstat"
    made.write_text("nr_free_pages 7\noom_kill 2\npgfault 9\n")
    return made


def explain(exits: ExitExplainer, kind: str, text: str) -> tuple[str, str]:
    """Return a failed run's error type and message."""
    result = exits.explain(make_failure("id", kind, text, dispatched=True, duration_ms=5))
    assert result.duration_ms == 5
    return result.error_type, result.error_message.removeprefix("RequestId: id Error: ")


@pytest.mark.parametrize(
    ("kind", "text", "first", "kills", "expected"),
    [
        # This is a pod, whose processes are visible.
        ("Runtime.ExitError", LOST, NEW, 3, "Runtime.OutOfMemory"),
        ("Runtime.ExitError", LOST, OLD, 3, "Runtime.OutOfMemory"),  # one of its workers
        ("Runtime.ExitError", LOST, NEW, 2, ENDED),
        ("Runtime.ExitError", LOST, OLD, 2, ASKED_AGAIN),
        ("Runtime.ExitError", "Runtime exited and did not restart within 60 s", None, 3, "Runtime.OutOfMemory"),
        ("Sandbox.Timedout", "Task timed out after 3.00 seconds", None, 3, "Runtime.OutOfMemory"),
        ("Sandbox.Timedout", "Task timed out after 3.00 seconds", None, 2, ENDED),
        ("Sandbox.Timedout", "Task timed out after 3.00 seconds", OLD, 3, "Task timed out after 3.00 seconds"),
        ("ValueError", "no", NEW, 3, "no"),
    ],
)
def test_exit_reason_comes_from_the_apps_processes(
    vmstat: Path, kind: str, text: str, first: Process | None, kills: int, expected: str
) -> None:
    app = App()
    exits = ExitExplainer(256, app, vmstat)
    exits.begin()
    app.now = first
    vmstat.write_text(f"oom_kill {kills}\n")
    found = explain(exits, kind, text)
    assert expected in found
    if expected == "Runtime.OutOfMemory":
        assert "256 MiB" in found[1]
        assert "memory_mib" in found[1]


@pytest.mark.parametrize(
    ("text", "kills", "expected"),
    [
        (KILLED, "oom_kill 3", "Runtime.OutOfMemory"),
        (KILLED, "", "Runtime.OutOfMemory"),  # a kernel without an OOM-kill counter: 137 has hardly any other cause
        (KILLED, "oom_kill 2", "Runtime.ExitError"),
        (STATUS_3, "oom_kill 3", "Runtime.ExitError"),
    ],
)
def test_task_reports_exit_code_and_oom_kill_count(vmstat: Path, text: str, kills: str, expected: str) -> None:
    exits = ExitExplainer(256, None, vmstat)
    exits.begin()
    vmstat.write_text(kills)
    kind, message = explain(exits, "Runtime.ExitError", text)
    assert kind == expected
    assert ("memory_mib" in message) == (expected == "Runtime.OutOfMemory")


@pytest.mark.parametrize(
    ("gone", "kills", "expected"),
    [(True, 3, "Runtime.OutOfMemory"), (False, 3, "Sandbox.Timedout"), (True, 2, "Sandbox.Timedout")],
)
def test_timeout_after_an_oom_kill_is_out_of_memory(vmstat: Path, *, gone: bool, kills: int, expected: str) -> None:
    exits = ExitExplainer(256, None, vmstat)
    exits.begin()
    vmstat.write_text(f"oom_kill {kills}")
    timeout = make_failure("id", "Sandbox.Timedout", "Task timed out after 3.00 seconds", dispatched=True)
    assert exits.explain(timeout._replace(client_gone=gone)).error_type == expected


def test_event_without_a_client_has_no_exit_reason(vmstat: Path) -> None:
    exits = ExitExplainer(256, App(None), vmstat)
    exits.begin()
    vmstat.write_text("oom_kill 3")
    result = make_failure("id", "Runtime.ExitError", KILLED, dispatched=False)
    assert exits.explain(result) is result
    assert exits.explain(Result("id", b"{}")).ok


async def test_out_of_memory_run_used_all_memory(vmstat: Path) -> None:
    """Sampled readings may miss the peak, and a new process is small."""
    app = App()
    queue = ScriptedQueue([make_message(1)])
    async with consuming(
        queue, exits=ExitExplainer(128, app, vmstat), meter=Meter(Readings(15.0), alone=True)
    ) as worker:
        client = await worker.client()
        await worker.take(client)
        app.now = NEW
        await asyncio.to_thread(vmstat.write_text, "oom_kill 3")
        again = await worker.client()
        asking = asyncio.create_task(worker.take(again))
        await worker.until(lambda: bool(worker.reports()))
        report = worker.reports()[0]
        assert report["record"]["errorType"] == "Runtime.OutOfMemory"
        assert report["record"]["metrics"]["maxMemoryUsedMB"] == report["MemoryPeak"] == 128
        assert "memory_mib" in report["failed"]["m1"]
        asking.cancel()


class Readings:
    """A usage source with a constant peak."""

    every_seconds = 0.0

    def __init__(self, peak_mib: float) -> None:
        self.peak_mib, self.cpu = peak_mib, 0.0

    async def read(self) -> Reading:
        self.cpu += 0.1
        return Reading(self.cpu, self.peak_mib)


async def test_exited_process_keeps_its_observed_peak() -> None:
    source = Readings(80.0)
    meter = Meter(source, alone=True)
    await meter.begin()
    meter.record_peak(Reading(1.0, 200.0))
    source.peak_mib = 15.0
    used = await meter.measure_ended_run()
    assert used is not None
    assert (used.cpu_ms, used.peak_mib) == (None, 200.0)
    next_run = await meter.measure_run(1.0)
    assert next_run is not None
    assert next_run.peak_mib == 15.0


async def test_readings_during_a_run_are_passed_on(harness: Harness) -> None:
    seen: list[Reading] = []
    watching = asyncio.create_task(fail_when_app_is_gone(Readings(9.0), harness.api, 60.0, seen.append))
    client = await harness.client()
    invoking = asyncio.create_task(harness.api.invoke(b"{}"))
    event = await client.ask(NEXT)
    await advance_until(lambda: bool(seen))
    watching.cancel()
    await client.answer(event.request_id)
    await invoking


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can start processes as other users")
def test_the_users_first_process_is_the_oldest() -> None:
    program = "import os, sys; os.setuid(41_995); print('up', flush=True); sys.stdin.read()"
    started: list[subprocess.Popen[str]] = []
    app = Processes(41_995)
    assert app.find_first() is None
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
    first = app.find_first()
    assert first is not None
    assert first.pid == started[0].pid
    started[0].communicate()
    second = app.find_first()
    assert second is not None
    assert second.pid == started[1].pid
    started[1].communicate()


async def test_early_exit_differs_from_a_missing_client() -> None:
    app: Any = App(None)
    async with consuming(ScriptedQueue(), start_seconds=30.0) as worker:
        counting = asyncio.create_task(count_early_exits(app, worker.harness.api))
        for number in range(3):
            app.now = Process(7, number)
            await advance(0.25)
            app.now = None
            await advance(0.25)
        assert (await worker.ended).value == 1
        assert "exited before it requested an event (3 starts so far)" in worker.notes()[-1]
        counting.cancel()
