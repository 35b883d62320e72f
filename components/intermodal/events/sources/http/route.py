"""Validate the path of an HTTP API route."""

import re

PATH = re.compile(r"/([A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*)?")


def explain_invalid_path(given: object) -> str | None:
    """Return why API Gateway would reject the path or match other paths with it, or None if it is valid."""
    if isinstance(given, str) and PATH.fullmatch(given):
        return None
    return f"must start with / followed by letters, digits, ., _, ~ and -, got {given!r}"
