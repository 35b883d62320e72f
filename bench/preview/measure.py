"""Measure how long `pulumi preview` takes with and without intermodal."""

import statistics
from collections import defaultdict
from collections.abc import Sequence

from bench.figures import Figure
from bench.preview.preview_stack import PreviewStack, prepare_stack
from bench.preview.registered import Registered, refuse_differences
from local.console import step

VARIANTS = ("flat", "grouped", "intermodal")
OVER_FLAT, OVER_GROUPED, COMPONENTS, LINEAR = 1.20, 1.05, 3, 11


def measure(sizes: Sequence[int], rounds: int) -> list[Figure]:
    """Return the median of each variant for every size; the variants run alternately.

    Raises:
        DifferentProgramsError: the variants do not register the same resources.
    """
    figures: list[Figure] = []
    medians: dict[int, float] = {}
    with prepare_stack() as made:
        for size in sizes:
            seconds, registered = _compare(made, size, rounds if size < 500 else 1)
            refuse_differences(registered)
            medians[size] = seconds["intermodal"]
            figures += _figures(size, seconds, registered)
    if {100, 1000} <= medians.keys():
        growth = medians[1000] / medians[100]
        figures.append(Figure(name="time(1000) / time(100)", value=growth, at_most=LINEAR))
    return figures


def _compare(made: PreviewStack, size: int, rounds: int) -> tuple[dict[str, float], dict[str, Registered]]:
    seconds: dict[str, list[float]] = defaultdict(list)
    registered: dict[str, Registered] = {}
    for turn in range(rounds):
        for variant in VARIANTS:
            with step(f"Preview of {size} functions, {variant}, round {turn + 1} of {rounds}"):
                took, registered[variant] = made.preview(variant, size)
            seconds[variant].append(took)
    return {variant: statistics.median(values) for variant, values in seconds.items()}, registered


def _figures(size: int, seconds: dict[str, float], registered: dict[str, Registered]) -> list[Figure]:
    ours = seconds["intermodal"]
    resources = len(registered["intermodal"].resources)
    return [
        *(Figure(name=f"{size} functions, {variant}", value=seconds[variant], unit="s") for variant in VARIANTS),
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
