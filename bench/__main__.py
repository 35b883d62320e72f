"""Run benchmarks: `python -m bench [preview|runtime|scaling …]` prints tables and writes `.local/bench.json`.

Compare timings only within a run, not between runs. No test asserts a timing.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from bench import imports
from bench.consumer import measure as consumer
from bench.figures import RESULT, Figure, keep, show
from bench.keda import measure as keda
from bench.preview import measure as preview
from bench.runtime import measure as runtime
from bench.runtime import rie
from bench.scaling import measure as scaling
from bench.targets import measure as targets
from local import advice, paths
from local.console import out

PARTS = ("imports", "runtime", "consumer", "targets", "keda", "scaling", "preview")


def main() -> int:
    """Run the selected benchmarks; return 1 if one could not run."""
    options = _parser().parse_args()
    measures: dict[str, Callable[[], Sequence[Figure]]] = {
        "imports": lambda: imports.measure(4 * options.rounds),
        "runtime": lambda: runtime.measure(options.events, options.rounds, rie.binary()),
        "consumer": lambda: consumer.measure(options.messages, options.rounds),
        "targets": lambda: targets.measure(options.rounds),
        "keda": keda.measure,
        "scaling": scaling.measure,
        "preview": lambda: preview.measure(options.functions, options.rounds),
    }
    try:
        for part in options.parts or PARTS:
            before = os.getloadavg()[0]
            figures = [*measures[part](), Figure(name="load average before", value=before)]
            show(part, figures)
            keep({part: figures})
    except advice.LocalError as error:
        out.print(f"[red]error:[/red] {error}")
        return 1
    out.print(f"Results: {RESULT.relative_to(paths.ROOT)}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", metavar="PART", choices=[*PARTS, []], help=f"benchmarks to run: {', '.join(PARTS)}"
    )
    parser.add_argument(
        "--rounds", type=int, default=3, help="rounds per median; previews of 500 or more functions run once"
    )
    parser.add_argument("--events", type=int, default=5000, help="events in each runtime round")
    parser.add_argument("--messages", type=int, default=2000, help="messages in each consumer round")
    parser.add_argument("--functions", type=int, nargs="+", default=[10, 100, 1000])
    return parser


if __name__ == "__main__":
    sys.exit(main())
