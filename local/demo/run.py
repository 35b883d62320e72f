"""`make demo`: deploy, send events from three sources, wait for each, show, prove that nothing would change."""

import json
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from local import paths, stack
from local.advice import LocalError
from local.aws import deployer
from local.console import out, step
from local.demo import events, page
from local.demo.events import Cloud, Request, Tally

DEADLINE_SECONDS = 180.0
RESULT = paths.LOCAL / "demo.json"
PAGE = paths.LOCAL / "demo.html"
SOURCES = ("bucket", "bus", "queue")


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
    with step("Proving that nothing would change: pulumi preview --refresh --expect-no-changes"):
        changes = stack.no_changes(local)
    target = outputs["lanes"]["main"]["target"]
    result: dict[str, Any] = {
        "targets": {target: tally.figures()},
        "resources": stack.resource_count(local),
        "second_up_changes": changes,
        "plugins": {"aws": local.workspace.plugins.value},
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
    if figures["lost"] or figures["failed"]:
        raise LocalError(
            f"{figures['lost']} events are lost and {figures['failed']} failed of {figures['sent']}; "
            f"`make aws.logs` shows what the embedded AWS says, and {_shown(RESULT)} the figures."
        )
    out.print(
        f"[green]✓[/green] {figures['handled']} of {figures['sent']} events handled, 0 lost; "
        f"{result['resources']} resources, a second `up` would change {result['second_up_changes']} "
        f"[dim]({seconds:.0f} s in all)[/dim]\n  The stack is up: `make down` destroys it."
    )


def _shown(path: Path) -> str:
    return str(path.relative_to(paths.ROOT))
