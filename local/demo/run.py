"""`make demo`: deploy, send events from three sources, wait for each, show, prove that nothing would change."""

import json
import time
import uuid
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
    table = Table(title="What came out")
    for heading in ("event", "source", "photograph", "thumbnail", "colour", "after"):
        table.add_column(heading)
    for request in tally.requests:
        table.add_row(*_row(request, tally.results.get(request.id)))
    out.print(table)
    page.write(PAGE, cloud, tally)
    out.print(f"  Pictures: {_shown(PAGE)}   figures: {_shown(RESULT)}")


def _row(request: Request, result: dict[str, Any] | None) -> list[str]:
    if result is None:
        return [request.id, request.source, request.photograph, "[red]nothing[/red]", "", ""]
    size = f"{result['bytes'] / 1024:.0f} KiB, {result['width']}x{result['height']}"
    swatch = f"[on {result['colour']}]    [/] {result['colour']}"
    thumbnail = f"{size} -> {result['thumbnail_sha256'][:8]}.jpg"
    return [request.id, request.source, request.photograph, thumbnail, swatch, f"{result['seconds']:.2f} s"]


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
