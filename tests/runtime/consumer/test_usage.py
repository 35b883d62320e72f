"""What a run costs: of real processes, and of an agent's statistics as the ECS developer guide shows them."""

import asyncio
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from intermodal_runtime.consumer import usage
from intermodal_runtime.consumer.journal import Journal
from intermodal_runtime.consumer.usage import Agent, Meter, Processes, Reading, Usage
from intermodal_runtime.invocation import Result
from intermodal_runtime.pod import fail_when_app_is_gone
from intermodal_runtime.task import look
from tests.runtime.consumer.agent import Agent as LocalAgent
from tests.runtime.consumer.worker import ScriptedQueue, consuming, raw
from tests.runtime.harness import until

MIB = 1 << 20

BURN = """
import os, sys, time
os.setuid({user})
held = bytearray({mib} << 20)
end = time.process_time() + {seconds}
while time.process_time() < end: pass
print("done", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def burner() -> Iterator[Callable[[int, float, int], None]]:
    """Processes of a user of their own that have held so much and burnt so long; they end with the test."""
    started: list[subprocess.Popen[str]] = []

    def burn(mib: int, seconds: float, user: int) -> None:
        program = BURN.format(mib=mib, seconds=seconds, user=user)
        process = subprocess.Popen(
            [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "done\n"

    yield burn
    for process in started:
        process.communicate()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may start processes of other users")
async def test_processes_of_the_apps_user_are_counted_and_no_others(burner: Callable[[int, float, int], None]) -> None:
    burner(64, 0.3, 41_993)
    burner(32, 0.2, 41_993)
    burner(256, 0.6, 41_994)
    found = await Processes(41_993).read()
    assert found is not None
    assert 0.5 <= found.cpu_seconds < 0.9
    assert 96 < found.peak_mib < 160


async def test_without_a_process_nothing_is_known(tmp_path: Path) -> None:
    assert await Processes(41_993).read() is None
    (tmp_path / "7").mkdir()
    assert await Processes(0, tmp_path).read() is None


class Script:
    """Readings in a row; the last one stays."""

    def __init__(self, *readings: Reading | None, every_seconds: float = 0.0) -> None:
        self._readings = itertools.chain(readings, itertools.repeat(readings[-1]))
        self.every_seconds = every_seconds

    async def read(self) -> Reading | None:
        return next(self._readings)


async def told(source: Script, *seconds: float, alone: bool = True) -> list[Usage | None]:
    """Return what a meter measures of runs of this length."""
    meter = Meter(source, alone=alone)
    await meter.begin()
    return [await meter.of_run(one) for one in seconds]


async def test_a_run_costs_what_was_used_since_the_one_before() -> None:
    source = Script(Reading(5.0, 80), Reading(5.25, 90), Reading(7.25, 90))
    assert await told(source, 0.5, 3.0) == [Usage(250.0, 90), Usage(2000.0, 90)]


async def test_processes_that_started_again_cost_nothing_that_could_be_told() -> None:
    assert await told(Script(Reading(5.0, 80), Reading(0.1, 20)), 0.5) == [Usage(None, 20)]


async def test_the_peak_stays_while_the_processes_do() -> None:
    source = Script(Reading(5.0, 80), Reading(6.0, 40), Reading(0.1, 20))
    assert [one and one.peak_mib for one in await told(source, 0.5, 0.5)] == [80, 20]


async def test_runs_beside_each_other_share_their_cpu_with_nobody() -> None:
    assert await told(Script(Reading(5.0, 80), Reading(6.0, 90)), 0.5, alone=False) == [Usage(None, 90)]


async def test_nobody_waits_for_a_source_that_looks_once_a_second_after_a_shorter_run() -> None:
    source = Script(Reading(5.0, 80), Reading(6.0, 90), every_seconds=0.01)
    meter = Meter(source, alone=True)
    await meter.begin()
    await asyncio.sleep(0.02)
    assert await meter.of_run(0.005) == Usage(None, 80)  # it is looked meanwhile
    await asyncio.sleep(0)
    assert await meter.of_run(0.005) == Usage(None, 90)


async def test_while_nothing_is_known_nothing_is_told() -> None:
    assert await told(Script(None, None, Reading(6.0, 90)), 0.5, 0.5) == [None, Usage(None, 90)]


STATS: dict[str, Any] = {"cpu_stats": {"cpu_usage": {"total_usage": 3_390_000_000}}, "memory_stats": {}}


@pytest.mark.parametrize(
    ("memory", "peak"), [({"usage": 40 * MIB, "max_usage": 64 * MIB}, 64.0), ({"usage": 40 * MIB}, 40.0)]
)
async def test_an_agent_tells_of_the_apps_container(
    monkeypatch: pytest.MonkeyPatch, memory: dict[str, int], peak: float
) -> None:
    containers = [{"Name": "adapter", "DockerId": "a"}, {"Name": "app", "DockerId": "b"}]
    answers: dict[str, Any] = {
        "task": {"Containers": containers},
        "task/stats": {"a": STATS, "b": {**STATS, "memory_stats": memory}},
    }
    monkeypatch.setattr(usage, "asked", lambda url: _soon(answers[url.removeprefix("http://agent/")]))
    assert await Agent("http://agent", "app").read() == Reading(3.39, peak)


@pytest.mark.parametrize("stats", [{}, {"b": None}, {"b": {"cpu_stats": {}, "memory_stats": {}}}])
async def test_an_agent_that_knows_nothing_yet_tells_nothing(monkeypatch: pytest.MonkeyPatch, stats: Any) -> None:
    answers = {"task": {"Containers": [{"Name": "app", "DockerId": "b"}]}, "task/stats": stats}
    monkeypatch.setattr(usage, "asked", lambda url: _soon(answers[url.removeprefix("http://agent/")]))
    assert await Agent("http://agent", "app").read() is None


async def test_an_agent_that_does_not_answer_tells_nothing() -> None:
    assert await Agent("http://127.0.0.1:1", "app").read() is None


@pytest.mark.parametrize("answer", [(500, "Unable to get task stats"), (500, {}), (200, None), (200, ["a"])])
async def test_an_agent_in_trouble_tells_nothing_and_ends_nothing(agent: LocalAgent, answer: tuple[int, Any]) -> None:
    """Its errors are texts (amazon-ecs-agent, handlers of version 4)."""
    agent.answers = [answer, answer]
    assert await Agent(agent.uri, "app").read() is None
    assert await look(agent.uri, "app") is None


SPENT = {"durationMs": 3.0, "memorySizeMB": 128}


def test_what_is_known_is_in_the_report_with_its_unit() -> None:
    lines: list[dict[str, Any]] = []
    journal = Journal("f", "main", "ecs", 128, lambda line: lines.append(json.loads(line)))
    for known in (Usage(250.0, 90.4), Usage(None, 90.4), None):
        journal.report(Result("r", b"null", duration_ms=3.0), [], {}, 0, known)
    full, memory, nothing = lines
    assert full["record"]["metrics"] == SPENT | {"cpuTimeMs": 250.0, "maxMemoryUsedMB": 90}
    assert (full["CpuTime"], full["MemoryPeak"]) == (250.0, 90)
    units = {one["Name"]: one["Unit"] for one in full["_aws"]["CloudWatchMetrics"][0]["Metrics"]}
    assert (units["CpuTime"], units["MemoryPeak"]) == ("Milliseconds", "Megabytes")
    assert "CpuTime" not in {one["Name"] for one in memory["_aws"]["CloudWatchMetrics"][0]["Metrics"]}
    assert memory["record"]["metrics"] == SPENT | {"maxMemoryUsedMB": 90}
    assert not {"CpuTime", "MemoryPeak"} & nothing.keys()


async def test_a_consumer_reports_what_its_runs_cost() -> None:
    meter = Meter(Script(Reading(1.0, 50), Reading(1.5, 60)), alone=True)
    async with consuming(ScriptedQueue([raw(1)]), meter=meter) as worker:
        client = await worker.client()
        event = await worker.take(client)
        await client.answer(event.request_id)
        await until(lambda: bool(worker.reports()))
        (report,) = worker.reports()
        assert (report["CpuTime"], report["MemoryPeak"]) == (500.0, 60)


class Broken:
    """A source that looks once, and then fails in a way that nobody thought of."""

    every_seconds = 0.0

    def __init__(self, looks: int) -> None:
        self.looks = looks

    async def read(self) -> Reading | None:
        """Until it does not."""
        self.looks -= 1
        if self.looks < 0:
            raise LookupError("broken")
        return Reading(1.0, 50)


@pytest.mark.parametrize("looks", [0, 1])
async def test_a_meter_that_fails_keeps_no_message_and_ends_nobody(looks: int) -> None:
    """What was handled is deleted first: else a broken meter would make a dead letter of every message."""
    queue = ScriptedQueue([raw(1)], [raw(2)])
    async with consuming(queue, meter=Meter(Broken(looks), alone=True)) as worker:
        client = await worker.client()
        for _ in range(2):
            await client.answer((await worker.take(client)).request_id)
        await until(lambda: len(worker.reports()) == 2)
        assert len(queue.deleted) == 2
        assert "what runs cost could not be measured: LookupError: broken" in worker.notes()


async def test_a_process_whose_name_is_cut_in_the_middle_of_a_character_is_measured(tmp_path: Path) -> None:
    process = tmp_path / "42"
    process.mkdir()
    (process / "status").write_bytes(b"Name:\tverkn\xc3\nUid:\t993\t993\t993\t993\nVmHWM:\t  2048 kB\n")
    times = " ".join(["0"] * 11 + ["100", "0", "0", "0"])
    (process / "stat").write_bytes(b"42 (verkn\xc3) S " + times[2:].encode())
    reading = await Processes(993, tmp_path).read()
    assert reading is not None
    assert reading.peak_mib == 2


async def test_an_app_that_is_gone_for_good_gives_its_message_back() -> None:
    """Else it would stay hidden until the time-out of its run, for hours."""
    queue = ScriptedQueue([raw(1)])
    async with consuming(queue) as worker:
        await worker.take(await worker.client())
        watched = fail_when_app_is_gone(Script(Reading(1.0, 50), None), worker.harness.api, 0.2)
        watching = asyncio.create_task(watched)
        await until(lambda: bool(queue.changed))
        watching.cancel()
        (report,) = worker.reports()
        assert report["record"]["errorType"] == "Runtime.ExitError"
        assert "did not come back within 0.2 s" in json.dumps(report)


@pytest.mark.parametrize(
    "readings", [(Reading(1.0, 50), None, Reading(1.0, 50)), (None,)], ids=["a moment", "never to be seen"]
)
async def test_an_app_that_is_away_for_a_moment_or_cannot_be_seen_keeps_its_message(readings: Any) -> None:
    queue = ScriptedQueue([raw(1)])
    async with consuming(queue) as worker:
        client = await worker.client()
        event = await worker.take(client)
        watched = fail_when_app_is_gone(Script(*readings), worker.harness.api, 0.05)
        watching = asyncio.create_task(watched)
        await asyncio.sleep(0.3)
        watching.cancel()
        assert not queue.changed
        await client.answer(event.request_id)
        await until(lambda: bool(queue.deleted))


async def _soon(value: Any) -> Any:
    return value
