"""`make demo`: deploy, send events by every source, wait for each, show, prove that nothing would change."""

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
"""The schedule's minute, and the ten seconds between two looks of the emulator's scheduler."""
RESULT = paths.LOCAL / "demo.json"
PAGE = paths.LOCAL / "demo.html"
SOURCES = ("bucket", "bus", "topic", "queue")


def main() -> None:
    """Run the demo and leave the stack up.

    Raises:
        LocalError: an event was lost or failed, or a second deployment would change something.
    """
    started = time.monotonic()
    local = stack.stand_up()
    out.print(f"  Pulumi engine from {local.workspace.engine.origin}; {stack.origin_of(local)}")
    stack.up(local)
    outputs = stack.outputs(local)
    cloud = Cloud.of(deployer.session(local.emulator), local.emulator.endpoint, outputs)
    tally = _send_and_wait(cloud)
    _show(cloud, tally)
    report = _wait_for_report(cloud)
    with step("Proving that nothing would change: pulumi preview --refresh --expect-no-changes"):
        changes = stack.no_changes(local)
    target = outputs["lanes"]["main"]["target"]
    result: dict[str, Any] = {
        "targets": {target: tally.figures()},
        "schedule": report,
        "filtered_but_handled": events.unfiltered(cloud, tally.requests),
        "resources": stack.resource_count(local),
        "second_up_changes": changes,
        "plugins": {"aws": local.workspace.plugins.value},
        "not_verified_locally": stack.not_verified(local),
    }
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    _finish(tally, result, time.monotonic() - started)


def _send_and_wait(cloud: Cloud) -> Tally:
    run = uuid.uuid4().hex[:6]
    with step("Uploading photographs, publishing bus events, sending queue messages"):
        requests = events.send(cloud, run)
    tally = Tally(requests=requests)
    with step(f"Waiting until the function has handled {len(requests)} events"):
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not tally.settled and time.monotonic() < deadline:
            tally.look(cloud)
            time.sleep(0.2)
    return tally


def _wait_for_report(cloud: Cloud) -> dict[str, Any] | None:
    """What the schedule asked for since now; None if it did not fire."""
    since = time.time()
    with step("Waiting until the schedule has fired", "it does so every minute"):
        processes.poll(lambda: events.report_after(cloud, since) is not None, SCHEDULE_SECONDS)
    return events.report_after(cloud, since)


def _show(cloud: Cloud, tally: Tally) -> None:
    table = Table("photograph", "pixels", "colour", *SOURCES, title="Thumbnails and seconds until each was there")
    for photograph in sorted({request.photograph for request in tally.requests}):
        table.add_row(
            *_row(photograph, [request for request in tally.requests if request.photograph == photograph], tally)
        )
    out.print(table)
    page.write(PAGE, cloud, tally)
    out.print(f"  Pictures: {_shown(PAGE)}   figures: {_shown(RESULT)}")


def _row(photograph: str, requests: Sequence[Request], tally: Tally) -> list[str]:
    made = [result for request in requests if (result := tally.results.get(request.id))]
    if not made:
        return [photograph, "[red]nothing came out[/red]"]
    colour = next((result["colour"] for result in made if result["source"] != "bus"), made[0]["colour"])
    pixels = f"{made[0]['width']}x{made[0]['height']}"
    seconds = [" ".join(f"{each['seconds']:.1f}" for each in made if each["source"] == source) for source in SOURCES]
    return [photograph, pixels, f"[on {colour}]    [/] {colour}", *seconds]


def _finish(tally: Tally, result: dict[str, Any], seconds: float) -> None:
    figures = tally.figures()
    problems = []
    if figures["lost"] or figures["failed"]:
        problems.append(f"{figures['lost']} events are lost and {figures['failed']} failed of {figures['sent']}")
    if result["schedule"] is None:
        problems.append(f"the schedule did not fire within {SCHEDULE_SECONDS:.0f} s")
    if result["filtered_but_handled"]:
        problems.append(f"the topic's filter let through {', '.join(result['filtered_but_handled'])}")
    if problems:
        where = f"`make aws.logs` shows what the embedded AWS says, and {_shown(RESULT)} the figures"
        raise LocalError(f"{'; '.join(problems)}; {where}.")
    _show_not_verified(result["not_verified_locally"])
    out.print(
        f"[green]✓[/green] {figures['handled']} of {figures['sent']} events handled, 0 lost, and the schedule's; "
        f"{result['resources']} resources, a second `up` would change {result['second_up_changes']} "
        f"[dim]({seconds:.0f} s in all)[/dim]\n  The stack is up: `make down` destroys it."
    )


def _show_not_verified(unproven: dict[str, list[str]]) -> None:
    """Inputs that the embedded AWS takes, and either forgets or does not act on."""
    listed = "; ".join(f"{kind.rpartition(':')[2]} {', '.join(names)}" for kind, names in unproven.items())
    out.print(f"  Not verified locally, as the embedded AWS only takes it: {listed or 'nothing'}")


def _shown(path: Path) -> str:
    return str(path.relative_to(paths.ROOT))
