"""Validate the `http` source."""

from typing import Any

from intermodal.events.sources.http.args import HttpAuthorization, HttpSourceArgs
from intermodal.events.sources.http.route import explain_invalid_path
from intermodal.problems.validation import Validator

ARGS = HttpSourceArgs

DELIVERED = False
"""Whether AWS delivers the events, so that delivery can be disabled."""

FIFO = False
"""Whether the source can send to a FIFO inbox, which requires a message group ID."""


def check(validator: Validator, path: str, fields: dict[str, Any]) -> None:
    """Validate the fields of an HTTP source and apply their defaults."""
    if wrong := explain_invalid_path(fields.setdefault("path", "/")):
        validator.add(f"{path}.path", wrong)
    given = fields.get("authorization", HttpAuthorization.IAM)
    fields["authorization"] = validator.choice(f"{path}.authorization", given, HttpAuthorization)
    for key in ("requests_per_second", "burst"):
        if key in fields:
            fields[key] = validator.positive_integer(f"{path}.{key}", fields[key])
    if fields["authorization"] is HttpAuthorization.NONE and "requests_per_second" not in fields:
        text = "is required with authorization none, where anyone may post; set the maximum that you expect"
        validator.add(f"{path}.requests_per_second", text)
    if "burst" in fields and "requests_per_second" not in fields:
        validator.add(f"{path}.burst", "needs requests_per_second; set it, or remove burst")
    validator.boolean(f"{path}.access_logs", fields.get("access_logs", False))
