"""Paths of an HTTP API's routes."""

import re

PATH = re.compile(r"/([A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*)?")


def explain_invalid_path(given: object) -> str | None:
    """Why API Gateway would refuse the path, or match others with it; None where it would not."""
    if isinstance(given, str) and PATH.fullmatch(given):
        return None
    return f"must begin with / and go on with letters, digits, ., _, ~ and -, got {given!r}"
