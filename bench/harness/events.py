"""Read the steps of a deployment from the engine's event log."""

import json
from collections.abc import Iterable
from pathlib import Path

Change = tuple[str, str]
"""(operation, `type name`)."""


def short(urn: str) -> str:
    """Return `type name` for a URN."""
    _, _, types, name = urn.split("::", 3)
    return f"{types.rpartition('$')[2]} {name}"


def changes_of(log: Path) -> Iterable[Change]:
    """Return the steps in an event log, in order."""
    for line in log.read_text().splitlines():
        event = json.loads(line)
        metadata = event.get("resourcePreEvent", {}).get("metadata")
        if metadata and metadata["op"] != "same" and not metadata["type"].startswith(("pulumi:", "intermodal:")):
            yield metadata["op"], short(metadata["urn"])
