"""List the inputs that the emulator stores and returns but otherwise ignores."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


@cache
def by_type() -> Mapping[str, frozenset[str]]:
    """Return the inputs that the emulator ignores, by resource type; inert.json cites the source."""
    rows: dict[str, Any] = json.loads(Path(__file__).with_name("inert.json").read_text(encoding="utf-8"))
    return {kind: frozenset(names) for kind, names in rows.items() if kind != "_meta"}
