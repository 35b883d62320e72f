"""The target benchmark produces its figures on the real emulators; no timing is asserted."""

from bench.harness.stack import Stack
from bench.targets import measure as targets
from tests.chaos.conftest import stack, workspace

__all__ = ["stack", "workspace"]


def test_target_benchmark_produces_figures(stack: Stack) -> None:
    figures = {figure.name: figure.value for figure in targets.measure_on(stack, rounds=1)}
    assert {name for name, value in figures.items() if value <= 0} <= {"adapter, idle: CPU"}  # counted in hundredths
    assert len(figures) == 8
