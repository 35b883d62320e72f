"""Read from an event log of the engine what a deployment did."""

import json
from collections.abc import Iterable
from pathlib import Path

Change = tuple[str, str]
"""(operation, `type name`)."""


def short(urn: str) -> str:
    """`type name` of a URN."""
    _, _, types, name = urn.split("::", 3)
    return f"{types.rpartition('$')[2]} {name}"


def changes_of(log: Path) -> Iterable[Change]:
    """What an event log of the engine says was done to resources, in its order."""
    for line in log.read_text().splitlines():
        event = json.loads(line)
        metadata = event.get("resourcePreEvent", {}).get("metadata")
        if metadata and metadata["op"] != "same" and not metadata["type"].startswith(("pulumi:", "intermodal:")):
            yield metadata["op"], short(metadata["urn"])
