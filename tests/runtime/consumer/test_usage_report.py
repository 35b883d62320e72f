"""A run's report contains its usage."""

import json
from typing import Any

import pytest

from intermodal_runtime.consumer.log import ConsumerLog
from intermodal_runtime.consumer.usage import Meter, Reading, Usage
from intermodal_runtime.invocation import Result
from tests.runtime.consumer.readings import Script
from tests.runtime.consumer.worker import ScriptedQueue, consuming, make_message
from tests.runtime.harness import until

USAGE = {"durationMs": 3.0, "memorySizeMB": 128}


def test_report_has_each_measurement_with_its_unit() -> None:
    lines: list[dict[str, Any]] = []
    log = ConsumerLog("f", "main", "ecs", 128, lambda line: lines.append(json.loads(line)))
    for known in (Usage(250.0, 90.4), Usage(None, 90.4), None):
        log.report(Result("r", b"null", duration_ms=3.0), [], {}, 0, known)
    full, memory, nothing = lines
    assert full["record"]["metrics"] == USAGE | {"cpuTimeMs": 250.0, "maxMemoryUsedMB": 90}
    assert (full["CpuTime"], full["MemoryPeak"]) == (250.0, 90)
    units = {one["Name"]: one["Unit"] for one in full["_aws"]["CloudWatchMetrics"][0]["Metrics"]}
    assert (units["CpuTime"], units["MemoryPeak"]) == ("Milliseconds", "Megabytes")
    assert "CpuTime" not in {one["Name"] for one in memory["_aws"]["CloudWatchMetrics"][0]["Metrics"]}
    assert memory["record"]["metrics"] == USAGE | {"maxMemoryUsedMB": 90}
    assert not {"CpuTime", "MemoryPeak"} & nothing.keys()


async def test_consumer_reports_the_usage_of_each_run() -> None:
    meter = Meter(Script(Reading(1.0, 50), Reading(1.5, 60)), alone=True)
    async with consuming(ScriptedQueue([make_message(1)]), meter=meter) as worker:
        client = await worker.client()
        event = await worker.take(client)
        await client.answer(event.request_id)
        await until(lambda: bool(worker.reports()))
        (report,) = worker.reports()
        assert (report["CpuTime"], report["MemoryPeak"]) == (500.0, 60)


class Broken:
    """A usage source that returns one reading and then fails unexpectedly."""

    every_seconds = 0.0

    def __init__(self, looks: int) -> None:
        self.looks = looks

    async def read(self) -> Reading | None:
        """Return one reading, then fail."""
        self.looks -= 1
        if self.looks < 0:
            raise LookupError("broken")
        return Reading(1.0, 50)


@pytest.mark.parametrize("looks", [0, 1])
async def test_failing_meter_blocks_no_message(looks: int) -> None:
    """Handled messages are deleted first; otherwise a broken meter would turn all of them into dead letters."""
    queue = ScriptedQueue([make_message(1)], [make_message(2)])
    async with consuming(queue, meter=Meter(Broken(looks), alone=True)) as worker:
        client = await worker.client()
        for _ in range(2):
            await client.answer((await worker.take(client)).request_id)
        await until(lambda: len(worker.reports()) == 2)
        assert len(queue.deleted) == 2
        assert "cannot measure usage: LookupError: broken" in worker.notes()
