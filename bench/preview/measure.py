"""How long `pulumi preview` takes with intermodal, and without."""

import statistics
from collections import defaultdict
from collections.abc import Sequence

from bench.figures import Figure
from bench.preview.registered import Registered, refuse_differences
from bench.preview.stage import Stage, stage
from local.console import step

WAYS = ("flat", "grouped", "intermodal")
OVER_FLAT, OVER_GROUPED, COMPONENTS, LINEAR = 1.20, 1.05, 3, 11


def measure(sizes: Sequence[int], rounds: int) -> list[Figure]:
    """Medians per size, the ways by turns.

    Raises:
        DifferentProgramsError: they do not register the same resources.
    """
    figures: list[Figure] = []
    medians: dict[int, float] = {}
    with stage() as made:
        for size in sizes:
            seconds, registered = _compare(made, size, rounds if size < 500 else 1)
            refuse_differences(registered)
            medians[size] = seconds["intermodal"]
            figures += _figures(size, seconds, registered)
    if {100, 1000} <= medians.keys():
        growth = medians[1000] / medians[100]
        figures.append(Figure(name="time(1000) / time(100)", value=growth, at_most=LINEAR))
    return figures


def _compare(made: Stage, size: int, rounds: int) -> tuple[dict[str, float], dict[str, Registered]]:
    seconds: dict[str, list[float]] = defaultdict(list)
    registered: dict[str, Registered] = {}
    for turn in range(rounds):
        for way in WAYS:
            with step(f"Preview of {size} functions, {way}, round {turn + 1} of {rounds}"):
                took, registered[way] = made.preview(way, size)
            seconds[way].append(took)
    return {way: statistics.median(values) for way, values in seconds.items()}, registered


def _figures(size: int, seconds: dict[str, float], registered: dict[str, Registered]) -> list[Figure]:
    ours = seconds["intermodal"]
    resources = len(registered["intermodal"].resources)
    return [
        *(Figure(name=f"{size} functions, {way}", value=seconds[way], unit="s") for way in WAYS),
        Figure(
            name=f"{size} functions, over flat",
            value=ours / seconds["flat"],
            at_most=OVER_FLAT,
            note=f"the same {resources} custom resources",
        ),
        Figure(name=f"{size} functions, over grouped", value=ours / seconds["grouped"], at_most=OVER_GROUPED),
        Figure(
            name=f"{size} functions, components per function",
            value=registered["intermodal"].components / size,
            at_most=COMPONENTS,
        ),
    ]
