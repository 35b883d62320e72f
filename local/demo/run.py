"""Run `make demo`: deploy, send events through every source, wait for results, and check that nothing would change."""

import hashlib
import json
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from local import paths, processes, stack
from local.advice import LocalError
from local.aws import deployer
from local.console import out, step
from local.demo import events, page
from local.demo.events import Cloud, Request, Tally

DEADLINE_SECONDS = 180.0
SCHEDULE_SECONDS = 90.0
"""The schedule's one-minute interval, the 10 s polling interval of the emulator's scheduler, and a margin."""
RESULT = paths.LOCAL / "demo.json"
PAGE = paths.LOCAL / "demo.html"
SOURCES = ("bucket", "bus", "topic", "queue")


def main() -> None:
    """Run the demo and leave the stack deployed.

    Raises:
        LocalError: an event was lost or failed, or a second deployment would change something.
    """
    started = time.monotonic()
    began = time.time()  # a schedule may fire before the deployment ends, and its report counts
    local = stack.add_cluster(stack.start_services())
    out.print(f"  Pulumi engine from {local.workspace.engine.origin}; {stack.origin_of(local)}")
    stack.up(local)
    runs = _send_and_wait(local)
    for run in runs:
        _show(run.cloud, run.target, run.tally)
    page.write(PAGE, runs)
    out.print(f"  Pictures: {_shown(PAGE)}   results: {_shown(RESULT)}")
    with step("Checking that nothing would change: pulumi preview --refresh --expect-no-changes"):
        changes = stack.no_changes(local)
    result: dict[str, Any] = {
        "targets": {run.target: run.tally.figures() for run in runs},
        "different_pictures": _different(runs),
        "schedule": _wait_for_reports([run.cloud for run in runs], began),
        "filtered_but_handled": [name for run in runs for name in events.unfiltered(run.cloud, run.tally.requests)],
        "resources": stack.resource_count(local),
        "second_up_changes": changes,
        "plugins": {"aws": "official" if "aws" in local.workspace.plugins.official else "stand-in"},
        "not_verified_locally": stack.not_verified(local),
    }
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    _finish(result, time.monotonic() - started)


def _send_and_wait(local: stack.Local) -> list[page.Run]:
    """Send events to every function in the stack, then wait for all the results."""
    outputs, session = stack.outputs(local), deployer.session(local.emulator)
    names = sorted(outputs.keys() - {"bucket", "topic_arn"})
    clouds = [Cloud.of(session, local.emulator.endpoint, outputs, name) for name in names]
    with step(f"Sending photographs, bus events, notifications and messages to {', '.join(names)}"):
        runs = [
            page.Run(
                target=outputs[cloud.function]["lanes"]["main"]["target"],
                cloud=cloud,
                tally=Tally(requests=events.send(cloud, uuid.uuid4().hex[:6])),
            )
            for cloud in clouds
        ]

    def settled() -> bool:
        for run in runs:
            if not run.tally.settled:
                run.tally.look(run.cloud)
        return all(run.tally.settled for run in runs)

    with step(f"Waiting for {sum(len(run.tally.requests) for run in runs)} events to be handled"):
        processes.poll(settled, DEADLINE_SECONDS)
    return runs


def _wait_for_reports(clouds: Sequence[Cloud], since: float) -> dict[str, dict[str, Any] | None]:
    """Return a report for each function from its schedule after `since`, or None if the schedule did not fire."""
    with step("Waiting for the schedules to fire", "they fire every minute"):
        processes.poll(lambda: all(events.report_after(each, since) for each in clouds), SCHEDULE_SECONDS)
    return {each.function: events.report_after(each, since) for each in clouds}


def _different(runs: Sequence[page.Run]) -> list[str]:
    """Return the requests whose pictures are not byte-identical on all targets."""
    digests: dict[str, set[str]] = {}
    for run in runs:
        for request in run.tally.requests:
            if request.id in run.tally.results:
                picture = events.picture_of(run.cloud, request.id)
                digests.setdefault(request.what, set()).add(hashlib.sha256(picture).hexdigest())
    return sorted(what for what, found in digests.items() if len(found) > 1)


def _show(cloud: Cloud, target: str, tally: Tally) -> None:
    title = f"{cloud.function} on {target}: seconds until each thumbnail was ready"
    table = Table("photograph", "pixels", "colour", *SOURCES, title=title)
    for photograph in sorted({request.photograph for request in tally.requests}):
        table.add_row(
            *_row(photograph, [request for request in tally.requests if request.photograph == photograph], tally)
        )
    out.print(table)


def _row(photograph: str, requests: Sequence[Request], tally: Tally) -> list[str]:
    made = [result for request in requests if (result := tally.results.get(request.id))]
    if not made:
        return [photograph, "[red]no result[/red]"]
    colour = next((result["colour"] for result in made if result["source"] != "bus"), made[0]["colour"])
    pixels = f"{made[0]['width']}x{made[0]['height']}"
    seconds = [" ".join(f"{each['seconds']:.1f}" for each in made if each["source"] == source) for source in SOURCES]
    return [photograph, pixels, f"[on {colour}]    [/] {colour}", *seconds]


def _finish(result: dict[str, Any], seconds: float) -> None:
    problems = []
    for target, figures in result["targets"].items():
        if figures["lost"] or figures["failed"]:
            counts = f"of {figures['sent']} events, {figures['lost']} were lost and {figures['failed']} failed"
            problems.append(f"on {target}, {counts}")
    if late := sorted(name for name, report in result["schedule"].items() if report is None):
        problems.append(f"the schedules for {', '.join(late)} did not fire within {SCHEDULE_SECONDS:.0f} s")
    if result["filtered_but_handled"]:
        problems.append(f"the topic's filter did not reject {', '.join(result['filtered_but_handled'])}")
    if result["different_pictures"]:
        problems.append(f"the targets produced different pictures for {', '.join(result['different_pictures'])}")
    if problems:
        where = f"see the AWS emulator's log (`make aws.logs`) and {_shown(RESULT)}"
        raise LocalError(f"The demo failed: {'; '.join(problems)}; {where}.")
    _show_not_verified(result["not_verified_locally"])
    sent = sum(figures["sent"] for figures in result["targets"].values())
    same = ", pictures identical on all targets" if len(result["targets"]) > 1 else ""
    out.print(
        f"[green]✓[/green] {sent} events handled on {', '.join(result['targets'])}, 0 lost{same}; all schedules fired; "
        f"{result['resources']} resources, {result['second_up_changes']} changes in a second `up` "
        f"[dim]({seconds:.0f} s in total)[/dim]\n  The stack is up. Run `make down` to destroy it."
    )


def _show_not_verified(unproven: dict[str, list[str]]) -> None:
    """Print the inputs that the emulator accepts but drops or ignores."""
    listed = "; ".join(f"{kind.rpartition(':')[2]} {', '.join(names)}" for kind, names in unproven.items())
    out.print(f"  Not verified locally (accepted but ignored by the AWS emulator): {listed or 'nothing'}")


def _shown(path: Path) -> str:
    return str(path.relative_to(paths.ROOT))
