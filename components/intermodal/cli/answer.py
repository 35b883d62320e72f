"""What a function answered to one event."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The handler's answer, or its error as Lambda words it (errorType, errorMessage)."""

    ok: bool
    payload: Any

    @classmethod
    def among(cls, lines: Iterable[str]) -> Self | None:
        """The answer that an adapter wrote into these lines of its log; None while it has not."""
        for line in lines:
            try:
                found = json.loads(line)
            except ValueError:
                continue
            if isinstance(found, dict) and found.get("type") == "intermodal.answer":
                return cls(ok=found["record"]["ok"], payload=found["record"]["payload"])
        return None
