"""Compare the Runtime API server with a bare socket stub, and its Invoke route with aws-lambda-rie."""

import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.figures import Figure
from bench.runtime import invoke, rie
from bench.runtime.client import COMMAND, environment
from local import paths

OF_STUB, OF_RIE, RESIDENT_MIB, READY_SECONDS = 0.9, 2.0, 40, 0.15


def measure(events: int, rounds: int, emulator: Path | None) -> Sequence[Figure]:
    """Return the medians of alternating runs; without `emulator`, compare with the emulator's recorded rate."""
    return [*_beside_stub(events, rounds), *_beside_rie(events, rounds, emulator)]


def _beside_stub(events: int, rounds: int) -> Sequence[Figure]:
    pairs = [(_rate("stub", events), _rate("ours", events)) for _ in range(rounds)]
    return [
        Figure(name="bare socket stub", value=statistics.median(stub for stub, _ in pairs), unit="events/s"),
        Figure(name="our server", value=statistics.median(ours for _, ours in pairs), unit="events/s"),
        Figure(
            name="our server / stub",
            value=statistics.median(ours / stub for stub, ours in pairs),
            at_least=OF_STUB,
            note="median of the ratios per round",
        ),
    ]


def _beside_rie(events: int, rounds: int, emulator: Path | None) -> Sequence[Figure]:
    ours: list[float] = []
    theirs: list[float] = []
    ready: list[float] = []
    resident: list[float] = []
    for _ in range(rounds):
        with invoke.ours() as served:
            served.seconds(max(1, events // 10))
            ours.append(events / served.seconds(events))
            ready.append(served.ready_seconds)
            resident.append(served.resident_mib)
        if emulator is not None:
            with invoke.rie(emulator) as served:
                served.seconds(max(1, events // 10))
                theirs.append(events / served.seconds(events))
    rate, reference = statistics.median(ours), statistics.median(theirs or [rie.RECORDED_PER_SECOND])
    origin = "this run" if theirs else "recorded, not from this run"
    return [
        Figure(name="aws-lambda-rie, Invoke", value=reference, unit="/s", note=origin),
        Figure(name="our Invoke route", value=rate, unit="/s"),
        Figure(name="our Invoke route / rie", value=rate / reference, at_least=OF_RIE, note=origin),
        Figure(name="ready", value=statistics.median(ready), unit="s", at_most=READY_SECONDS),
        Figure(name="resident", value=max(resident), unit="MiB", at_most=RESIDENT_MIB, note="after the events"),
    ]


def _rate(side: str, events: int) -> float:
    command = [sys.executable, "-m", f"bench.runtime.{side}", str(events), str(max(1, events // 10)), "--", *COMMAND]
    done = subprocess.run(
        command, env=environment(), cwd=paths.ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True
    )
    return events / float(done.stdout)
