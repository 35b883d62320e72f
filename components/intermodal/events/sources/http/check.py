"""Validate source `http`."""

from typing import Any

from intermodal.events.sources.http.args import HttpAuthorization, HttpSourceArgs
from intermodal.events.sources.http.route import wrong_path
from intermodal.problems.validation import Definition

ARGS = HttpSourceArgs

DELIVERED = False
"""Whether AWS delivers its events, so that delivery can be disabled."""

FIFO = False
"""Whether it can feed a FIFO inbox: it must set the message group."""


def check(definition: Definition, path: str, block: dict[str, Any]) -> None:
    """Validate the block of an HTTP source and apply its defaults."""
    if wrong := wrong_path(block.setdefault("path", "/")):
        definition.add(f"{path}.path", wrong)
    given = block.get("authorization", HttpAuthorization.IAM)
    block["authorization"] = definition.word(f"{path}.authorization", given, HttpAuthorization)
    for key in ("requests_per_second", "burst"):
        if key in block:
            block[key] = definition.positive(f"{path}.{key}", block[key])
    if block["authorization"] is HttpAuthorization.NONE and "requests_per_second" not in block:
        text = "is missing, and with authorization none everybody may post without limit; give the most that you expect"
        definition.add(f"{path}.requests_per_second", text)
    if "burst" in block and "requests_per_second" not in block:
        definition.add(f"{path}.burst", "needs requests_per_second; give it, or leave this out")
    definition.flag(f"{path}.access_logs", block.get("access_logs", False))
