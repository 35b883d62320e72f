"""Read the resources that a program registers from the engine's event log, and compare them."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

AUTOMATIC = re.compile(r'-[0-9a-f]{7}(?=")')
"""Random suffix of an automatic name; it differs between previews."""


class DifferentProgramsError(AssertionError):
    """The programs register different resources, so their durations cannot be compared."""


@dataclass(frozen=True, kw_only=True)
class Registered:
    """Custom resource inputs as JSON by `type name`, and the number of components."""

    resources: Mapping[str, str]
    components: int


def read(event_log: Path) -> Registered:
    """Return the resources registered in a preview."""
    resources: dict[str, str] = {}
    components = 0
    for metadata in _planned(event_log.read_text().splitlines()):
        kind, name = metadata["type"], metadata["urn"].rpartition("::")[2]
        if kind.startswith("pulumi:"):
            continue
        if metadata["new"].get("custom"):
            resources[f"{kind} {name}"] = AUTOMATIC.sub("-*", json.dumps(metadata["new"]["inputs"], sort_keys=True))
        else:
            components += 1
    return Registered(resources=resources, components=components)


def refuse_differences(programs: Mapping[str, Registered]) -> None:
    """Check that all programs register the same resources as the first.

    Raises:
        DifferentProgramsError: the resources differ; the message lists up to 20 missing or different ones.
    """
    (first, reference), *others = programs.items()
    if not reference.resources:
        raise DifferentProgramsError(f"{first} registered no resources")
    found = [
        f"{key}: {first} has {reference.resources.get(key)}, {variant} has {registered.resources.get(key)}"
        for variant, registered in others
        for key in sorted(reference.resources.keys() | registered.resources.keys())
        if reference.resources.get(key) != registered.resources.get(key)
    ]
    if found:
        raise DifferentProgramsError(f"{len(found)} resources differ between the programs:\n" + "\n".join(found[:20]))


def _planned(lines: Iterable[str]) -> Iterable[dict[str, Any]]:
    for line in lines:
        if metadata := json.loads(line).get("resourcePreEvent", {}).get("metadata"):
            yield metadata
