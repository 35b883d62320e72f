"""Compare the library's scaling rules with the AWS CDK's defaults in several scenarios."""

from collections.abc import Sequence

from rich.table import Table

from bench.figures import Figure
from bench.scaling.model import Outcome, simulate
from bench.scaling.rules import cdk, ours
from bench.scaling.scenarios import SCENARIOS
from local.console import out


def measure() -> Sequence[Figure]:
    """Simulate a day of each scenario, print a table, and return the total task-hours."""
    rules = {"intermodal": ours(), "CDK, from one task": cdk(), "CDK, from zero": cdk(fewest=0)}
    title = "A simulated day on ECS: metrics arrive one minute late, and a task starts receiving after 45 s"
    table = Table(title=title, title_justify="left")
    for column in ("day", "rules", "starts from zero", "p95 wait", "task-hours", "tasks at the end", "unhandled"):
        table.add_column(column, justify="left" if column in {"day", "rules"} else "right")
    found: dict[str, list[Outcome]] = {name: [] for name in rules}
    for scenario, world in SCENARIOS.items():
        for name, scaling in rules.items():
            outcome = simulate(scaling, world)
            found[name].append(outcome)
            table.add_row(scenario, name, *_cells(outcome))
        table.add_section()
    out.print(table)
    return [
        Figure(name=f"task-hours over all days, {name}", value=sum(one.task_seconds for one in outcomes) / 3600)
        for name, outcomes in found.items()
    ]


def _cells(outcome: Outcome) -> list[str]:
    wait = "never" if outcome.unhandled else f"{outcome.p95:.0f} s"
    return [str(outcome.starts), wait, f"{outcome.task_seconds / 3600:.1f}", str(outcome.tasks), str(outcome.unhandled)]
