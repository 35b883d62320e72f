"""Validate the `http` source."""

import re
from typing import Any

from intermodal.events.sources.http.args import HttpAuthorization, HttpSourceArgs
from intermodal.events.sources.http.route import explain_invalid_path
from intermodal.problems.validation import Validator

HEADER = re.compile(r"(?!AWS|Amazon)[A-Za-z0-9-]+", re.IGNORECASE)
"""Pattern for header names that are also valid attribute names (SQS developer guide, Message attributes)."""

MAXIMUM_HEADERS = 10
"""Maximum message attributes per message (SQS developer guide, Message attributes)."""

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
        text = (
            "is required with authorization none, which lets anyone send requests; set the maximum rate that you expect"
        )
        validator.add(f"{path}.requests_per_second", text)
    if "burst" in fields and "requests_per_second" not in fields:
        validator.add(f"{path}.burst", "requires requests_per_second; set it, or remove burst")
    _check_headers(validator, f"{path}.headers", fields.get("headers", []))
    validator.boolean(f"{path}.access_logs", fields.get("access_logs", False))


def _check_headers(validator: Validator, path: str, given: object) -> None:
    names = validator.sequence(path, given)
    for index, name in enumerate(names):
        if not isinstance(name, str) or not HEADER.fullmatch(name):
            text = f"must be a header name of letters, digits and dashes that does not start with AWS, got {name!r}"
            validator.add(f"{path}[{index}]", text)
        elif name.lower() in {str(other).lower() for other in names[:index]}:
            validator.add(f"{path}[{index}]", f"is a duplicate of {name}, because HTTP ignores case; remove it")
    if len(names) > MAXIMUM_HEADERS:
        text = f"must have at most {MAXIMUM_HEADERS} items, the maximum of message attributes, got {len(names)}"
        validator.add(path, f"{text}; remove the others")
