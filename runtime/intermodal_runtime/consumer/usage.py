"""Measure the app's CPU time and peak memory per run, as in Lambda's reports.

The adapter can read only its own cgroup. In a pod with a shared process namespace, /proc lists the app's processes. On
ECS, the agent returns the app's statistics, sampled once a second (task metadata endpoint version 4, `/task/stats`).
"""

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from intermodal_runtime.task import get_json

from .exits import Process

MIB = 1 << 20
NS = 1e9
AGENT_SAMPLE_SECONDS = 1.0
PROC = Path("/proc")


class Reading(NamedTuple):
    """Usage since the start of the app's processes."""

    cpu_seconds: float
    peak_mib: float


class Source(Protocol):
    """Interface for sources of readings."""

    every_seconds: float
    """Maximum age of the latest reading, in seconds."""

    async def read(self) -> Reading | None:
        """Return the latest reading, or None if there is no reading."""


class Usage(NamedTuple):
    """Usage of one run."""

    cpu_ms: float | None
    """None if the run was shorter than the sampling interval, or if other runs may have overlapped."""
    peak_mib: float


class Meter:
    """Meter that measures each run of an app."""

    def __init__(self, source: Source, *, alone: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._source, self._alone, self._clock = source, alone, clock
        self._last: Reading | None = None
        self._read_at = float("-inf")
        self._reading_task: asyncio.Task[None] | None = None
        self._highest_mib = 0.0

    def record_peak(self, reading: Reading) -> None:
        """Record the peak of a reading during a run, because the process may exit before the run ends."""
        self._highest_mib = max(self._highest_mib, reading.peak_mib)

    async def measure_ended_run(self) -> Usage | None:
        """Return the peak memory of a run whose process has exited, or None if it is unknown."""
        seen = [self._highest_mib, self._last.peak_mib if self._last else 0.0]
        self._last = None
        await self._read()
        self._highest_mib = 0.0
        return Usage(cpu_ms=None, peak_mib=max(seen)) if any(seen) else None

    async def begin(self) -> None:
        """Record the baseline for measuring later runs."""
        await self._read()

    async def measure_run(self, seconds: float) -> Usage | None:
        """Return the usage of the run that just ended, or None if it is unknown.

        If there is a previous reading, a run shorter than the sampling interval does not wait for a new reading, which
        would delay the next event.
        """
        self._highest_mib = 0.0
        before, measurable = self._last, seconds >= self._source.every_seconds
        if measurable or before is None:
            await self._read()
        elif self._reading_task is None and self._clock() - self._read_at >= self._source.every_seconds:
            self._reading_task = asyncio.create_task(self._read())
        if self._last is None:
            return None
        if not measurable or not self._alone or before is None or self._last.cpu_seconds < before.cpu_seconds:
            return Usage(cpu_ms=None, peak_mib=self._last.peak_mib)
        used = self._last.cpu_seconds - before.cpu_seconds
        return Usage(cpu_ms=round(used * 1000, 1), peak_mib=self._last.peak_mib)

    async def _read(self) -> None:
        self._read_at = self._clock()
        try:
            found = await self._source.read()
        finally:
            self._reading_task = None
        last = self._last
        if found is not None and last is not None and found.cpu_seconds >= last.cpu_seconds:  # same processes
            found = found._replace(peak_mib=max(found.peak_mib, last.peak_mib))
        self._last = found or last


class Processes:
    """Processes of the app's user, which no other container in the pod uses."""

    every_seconds = 0.0

    def __init__(self, user: int, proc: Path = PROC) -> None:
        self._user, self._proc = user, proc

    async def read(self) -> Reading | None:
        """Return the usage: CPU time including exited children, and the sum of the live processes' peaks."""
        found = [reading for folder in self._proc.glob("[0-9]*") if (reading := self._read_usage(folder))]
        if not found:
            return None
        return Reading(sum(one.cpu_seconds for one in found), sum(one.peak_mib for one in found))

    def find_first(self) -> Process | None:
        """Return the app's oldest process, or None if it has no process."""
        found = [process for folder in self._proc.glob("[0-9]*") if (process := self._read_process(folder))]
        return min(found, key=lambda process: (process.started, process.pid), default=None)

    def _read_process(self, folder: Path) -> Process | None:
        try:
            if folder.stat().st_uid != self._user:
                return None
            fields = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
        except OSError:  # the process has exited
            return None
        return None if fields[0] in "ZX" else Process(int(folder.name), int(fields[19]))

    def _read_usage(self, folder: Path) -> Reading | None:
        try:
            # Process names are truncated to 15 bytes, possibly within a character.
            lines = (folder / "status").read_text(errors="replace").splitlines()
            status = dict(line.split(":", 1) for line in lines)
            if int(status["Uid"].split()[0]) != self._user or "VmHWM" not in status:  # a zombie has no memory
                return None
            times = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()[11:15]
        except OSError:  # the process has exited
            return None
        return Reading(sum(map(int, times)) / os.sysconf("SC_CLK_TCK"), int(status["VmHWM"].split()[0]) / 1024)


class AgentStats:
    """Statistics of the app container from the ECS agent, in Docker's format."""

    every_seconds = AGENT_SAMPLE_SECONDS

    def __init__(self, metadata_uri: str, container: str) -> None:
        self._uri, self._container = metadata_uri, container
        self._id = ""

    async def read(self) -> Reading | None:
        """Return the latest reading, or None if the agent is not responding or has no sample yet."""
        import urllib3  # noqa: PLC0415 - already loaded for the SDK

        try:
            return parse_docker_stats((await get_json(f"{self._uri}/task/stats")).get(await self._container_id()))
        except (urllib3.exceptions.HTTPError, ValueError):
            return None

    async def _container_id(self) -> str:
        if not self._id:
            task = await get_json(f"{self._uri}/task")
            containers = task.get("Containers") or []
            self._id = next((str(one["DockerId"]) for one in containers if one["Name"] == self._container), "")
        return self._id


def parse_docker_stats(stats: Mapping[str, Any] | None) -> Reading | None:
    """Parse Docker's statistics for a container (Docker Engine API, ContainerStats); cgroup v2 has no peak memory."""
    found = stats or {}
    memory, cpu = found.get("memory_stats") or {}, (found.get("cpu_stats") or {}).get("cpu_usage") or {}
    if "total_usage" not in cpu or "usage" not in memory:
        return None
    return Reading(cpu["total_usage"] / NS, memory.get("max_usage", memory["usage"]) / MIB)
