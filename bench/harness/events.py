"""Read a deployment's steps from the engine's event log."""

import json
from collections.abc import Iterable
from pathlib import Path

Change = tuple[str, str]
"""Operation, and the resource as `type name`."""


def short(urn: str) -> str:
    """Return the type and name in a URN as `type name`."""
    _, _, types, name = urn.split("::", 3)
    return f"{types.rpartition('$')[2]} {name}"


def changes_of(log: Path) -> Iterable[Change]:
    """Yield the steps in an event log in order, except unchanged resources, components, and providers."""
    for line in log.read_text().splitlines():
        event = json.loads(line)
        metadata = event.get("resourcePreEvent", {}).get("metadata")
        if metadata and metadata["op"] != "same" and not metadata["type"].startswith(("pulumi:", "intermodal:")):
            yield metadata["op"], short(metadata["urn"])
