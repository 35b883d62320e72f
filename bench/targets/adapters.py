"""Measure an adapter's resource use while idle, and how long it takes to start listening."""

import statistics
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from docker import DockerClient

from bench.figures import Figure
from bench.processes import cpu_seconds, resident_mib
from intermodal_runtime.addresses import PORT
from local.aws.container import LABEL
from local.aws.settings import Emulator

READY_SECONDS, RESIDENT_MIB = 0.15, 64
IDLE_SECONDS = 20.0
LOOK_SECONDS = 0.002
DEADLINE_SECONDS = 10.0
LISTENS = "0A"
"""LISTEN socket state in /proc/net/tcp (proc(5), tcp_states.h)."""

QUEUE = "http://127.0.0.1:1/000000000000/none"
COMMAND = [
    "adapter", "--queue-url", QUEUE, "--queue-arn", "arn:aws:sqs:eu-central-1:000000000000:none",
    "--function", "none", "--timeout-seconds", "30",
]  # fmt: skip


def idle(docker: DockerClient, emulator: Emulator) -> Sequence[Figure]:
    """Return the CPU and memory use of an adapter in an ECS task that is waiting for messages."""
    label = f"{LABEL}={emulator.label}"
    found = docker.containers.list(filters={"label": label, "status": "running", "name": "-adapter"})
    pid = found[0].attrs["State"]["Pid"]
    before, began = cpu_seconds(pid), time.monotonic()
    time.sleep(IDLE_SECONDS)
    percent = 100 * (cpu_seconds(pid) - before) / (time.monotonic() - began)
    return [
        Figure(name="adapter, idle: CPU", value=percent, unit="% of a core"),
        Figure(name="adapter, idle: resident", value=resident_mib(pid), unit="MiB", at_most=RESIDENT_MIB),
    ]


def start(docker: DockerClient, image: str, rounds: int) -> Sequence[Figure]:
    """Return the median time from container start until the adapter listens."""
    seconds = [_seconds_to_listen(docker, image) for _ in range(3 * rounds)]
    return [Figure(name="adapter: listens", value=statistics.median(seconds), unit="s", at_most=READY_SECONDS)]


def _seconds_to_listen(docker: DockerClient, image: str) -> float:
    # The container has a separate network, because the tests' containers use this machine's ports.
    container: Any = docker.containers.create(image, COMMAND, network_mode="none", read_only=True)
    try:
        container.start()
        container.reload()
        state = container.attrs["State"]
        began = datetime.fromisoformat(str(state["StartedAt"])).timestamp()
        while not _listens(state["Pid"]):
            if time.time() > began + DEADLINE_SECONDS:
                raise RuntimeError(
                    f"the adapter did not listen within {DEADLINE_SECONDS:g} s: {container.logs().decode()[-600:]}"
                )
            time.sleep(LOOK_SECONDS)
        return time.time() - began
    finally:
        container.remove(force=True)


def _listens(pid: int) -> bool:
    rows = [line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
    return any(row[1].endswith(f":{PORT:04X}") and row[3] == LISTENS for row in rows)
