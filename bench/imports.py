"""Measure how long `import intermodal` takes compared with a bare interpreter."""

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

from bench.figures import Figure

GOAL_SECONDS = 0.05


def measure(rounds: int) -> Sequence[Figure]:
    """Return the medians of new interpreters with and without the import, run alternately."""
    bare, importing = [], []
    for _ in range(rounds):
        bare.append(_seconds("pass"))
        importing.append(_seconds("import intermodal"))
    start = statistics.median(bare)
    return [
        Figure(name="bare interpreter", value=start, unit="s"),
        Figure(
            name="import intermodal",
            value=max(0.0, statistics.median(importing) - start),
            unit="s",
            at_most=GOAL_SECONDS,
            note="minus the bare interpreter",
        ),
        Figure(name="SDKs it imports", value=_sdks(), at_most=0, note="pulumi and its providers"),
    ]


def _seconds(program: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True)
    return time.perf_counter() - started


def _sdks() -> int:
    program = (
        "import sys, intermodal; print(sum(name.startswith('pulumi') and '.' not in name for name in sys.modules))"
    )
    return int(subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout)
