"""Result of running one event on a target."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """The handler's response, or its error in Lambda's format (errorType, errorMessage)."""

    ok: bool
    payload: Any

    @classmethod
    def from_lines(cls, lines: Iterable[str]) -> Self | None:
        """Assemble the result from the adapter's log lines, in any order; return None while a part is missing.

        The adapter writes numbered parts, because log drivers split lines longer than 256 KiB.
        """
        parts: dict[int, str] = {}
        for line in lines:
            record = _parse_part(line)
            if record is None:
                continue
            parts[record["part"]] = record["text"]
            if len(parts) == record["of"]:
                return cls(ok=record["ok"], payload=_parse_payload("".join(parts[number] for number in sorted(parts))))
        return None


def _parse_part(line: str) -> Any:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found["record"] if isinstance(found, dict) and found.get("type") == "intermodal.answer" else None


def _parse_payload(text: str) -> Any:
    """Parse the payload as JSON; return it unchanged if it is not JSON."""
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text
