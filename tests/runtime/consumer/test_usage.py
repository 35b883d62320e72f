"""A run's usage is measured on real processes and from an ECS agent's statistics."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from intermodal_runtime.consumer import usage
from intermodal_runtime.consumer.usage import AgentStats, Meter, Processes, Reading, Usage
from intermodal_runtime.task import find_exit
from tests.runtime.clock import advance, now
from tests.runtime.consumer.agent import Agent as LocalAgent
from tests.runtime.consumer.readings import Script

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
    """Start processes as a separate user that hold memory and use CPU; kill them at the end of the test."""
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


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can start processes as other users")
async def test_only_the_apps_processes_are_measured(burner: Callable[[int, float, int], None]) -> None:
    burner(64, 0.3, 41_993)
    burner(32, 0.2, 41_993)
    burner(256, 0.6, 41_994)
    found = await Processes(41_993).read()
    assert found is not None
    assert 0.5 <= found.cpu_seconds < 0.9
    assert 96 < found.peak_mib < 160


async def test_usage_without_a_process_has_no_reading(tmp_path: Path) -> None:
    assert await Processes(41_993).read() is None
    (tmp_path / "7").mkdir()
    assert await Processes(0, tmp_path).read() is None


async def measure(source: Script, *seconds: float, alone: bool = True) -> list[Usage | None]:
    """Return a meter's measurements for runs of these lengths."""
    meter = Meter(source, alone=alone)
    await meter.begin()
    return [await meter.measure_run(one) for one in seconds]


async def test_run_is_charged_usage_since_the_previous_run() -> None:
    source = Script(Reading(5.0, 80), Reading(5.25, 90), Reading(7.25, 90))
    assert await measure(source, 0.5, 3.0) == [Usage(250.0, 90), Usage(2000.0, 90)]


async def test_restarted_processes_have_no_measurable_usage() -> None:
    assert await measure(Script(Reading(5.0, 80), Reading(0.1, 20)), 0.5) == [Usage(None, 20)]


async def test_peak_is_kept_while_the_processes_live() -> None:
    source = Script(Reading(5.0, 80), Reading(6.0, 40), Reading(0.1, 20))
    assert [one and one.peak_mib for one in await measure(source, 0.5, 0.5)] == [80, 20]


async def test_concurrent_runs_report_no_cpu() -> None:
    assert await measure(Script(Reading(5.0, 80), Reading(6.0, 90)), 0.5, alone=False) == [Usage(None, 90)]


async def test_run_shorter_than_the_sampling_interval_does_not_wait() -> None:
    source = Script(Reading(5.0, 80), Reading(6.0, 90), every_seconds=1.0)
    meter = Meter(source, alone=True, clock=now)
    await meter.begin()
    await advance(1.5)
    assert await meter.measure_run(0.005) == Usage(None, 80)  # sampled in the meantime
    await asyncio.sleep(0)
    assert await meter.measure_run(0.005) == Usage(None, 90)


async def test_run_without_readings_reports_no_usage() -> None:
    assert await measure(Script(None, None, Reading(6.0, 90)), 0.5, 0.5) == [None, Usage(None, 90)]


STATS: dict[str, Any] = {"cpu_stats": {"cpu_usage": {"total_usage": 3_390_000_000}}, "memory_stats": {}}


@pytest.mark.parametrize(
    ("memory", "peak"), [({"usage": 40 * MIB, "max_usage": 64 * MIB}, 64.0), ({"usage": 40 * MIB}, 40.0)]
)
async def test_agent_reports_the_apps_container(
    monkeypatch: pytest.MonkeyPatch, memory: dict[str, int], peak: float
) -> None:
    containers = [{"Name": "adapter", "DockerId": "a"}, {"Name": "app", "DockerId": "b"}]
    answers: dict[str, Any] = {
        "task": {"Containers": containers},
        "task/stats": {"a": STATS, "b": {**STATS, "memory_stats": memory}},
    }
    monkeypatch.setattr(usage, "get_json", lambda url: _soon(answers[url.removeprefix("http://agent/")]))
    assert await AgentStats("http://agent", "app").read() == Reading(3.39, peak)


@pytest.mark.parametrize("stats", [{}, {"b": None}, {"b": {"cpu_stats": {}, "memory_stats": {}}}])
async def test_agent_without_statistics_yields_nothing(monkeypatch: pytest.MonkeyPatch, stats: Any) -> None:
    answers = {"task": {"Containers": [{"Name": "app", "DockerId": "b"}]}, "task/stats": stats}
    monkeypatch.setattr(usage, "get_json", lambda url: _soon(answers[url.removeprefix("http://agent/")]))
    assert await AgentStats("http://agent", "app").read() is None


async def test_unresponsive_agent_yields_nothing() -> None:
    assert await AgentStats("http://127.0.0.1:1", "app").read() is None


@pytest.mark.parametrize("answer", [(500, "Unable to get task stats"), (500, {}), (200, None), (200, ["a"])])
async def test_failing_agent_yields_no_usage_and_stops_no_run(agent: LocalAgent, answer: tuple[int, Any]) -> None:
    """The agent's errors are plain text (amazon-ecs-agent, v4 handlers)."""
    agent.answers = [answer, answer]
    assert await AgentStats(agent.uri, "app").read() is None
    assert await find_exit(agent.uri, "app") is None


async def test_process_name_cut_inside_a_character_is_measured(tmp_path: Path) -> None:
    process = tmp_path / "42"
    process.mkdir()
    (process / "status").write_bytes(b"Name:\tverkn\xc3\nUid:\t993\t993\t993\t993\nVmHWM:\t  2048 kB\n")
    times = " ".join(["0"] * 11 + ["100", "0", "0", "0"])
    (process / "stat").write_bytes(b"42 (verkn\xc3) S " + times[2:].encode())
    reading = await Processes(993, tmp_path).read()
    assert reading is not None
    assert reading.peak_mib == 2


async def _soon(value: Any) -> Any:
    return value
