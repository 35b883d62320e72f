"""Print measured values with their goals, and write them to a file."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.table import Table

from local import paths
from local.console import out

RESULT = paths.LOCAL / "bench.json"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """Measured value; the goal is an upper bound, or a lower bound if higher is better."""

    name: str
    value: float
    unit: str = ""
    at_most: float | None = None
    at_least: float | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the value meets its goal; None if it has none."""
        if self.at_most is not None:
            return self.value <= self.at_most
        if self.at_least is not None:
            return self.value >= self.at_least
        return None

    @property
    def goal(self) -> str:
        """The goal as a string, such as `<= 2`; empty if there is no goal."""
        if self.at_most is not None:
            return f"<= {self.at_most:g}"
        return f">= {self.at_least:g}" if self.at_least is not None else ""


def show(title: str, figures: Sequence[Figure]) -> None:
    """Print the measured values as a table."""
    table = Table(title=title, title_justify="left")
    for column in ("figure", "value", "goal", "", "how"):
        table.add_column(column, justify="right" if column == "value" else "left", no_wrap=column != "how")
    for figure in figures:
        mark = {True: "[green]met[/green]", False: "[red]not met[/red]", None: ""}[figure.met]
        table.add_row(figure.name, f"{figure.value:,.4g} {figure.unit}".strip(), figure.goal, mark, figure.note)
    out.print(table)


def keep(measured: dict[str, Sequence[Figure]], file: Path = RESULT) -> None:
    """Write this run's values to a file; keep the values of benchmarks that did not run."""
    file.parent.mkdir(parents=True, exist_ok=True)
    kept = json.loads(file.read_text()) if file.exists() else {}
    for part, figures in measured.items():
        kept[part] = [{**asdict(figure), "met": figure.met} for figure in figures]
    file.write_text(json.dumps(kept, indent=1) + "\n")
