"""Define a handler that does no work, so that benchmarks measure only the overhead."""

from typing import Any


def handler(_event: Any, _context: Any) -> dict[str, Any]:
    """Return a batch response without failures."""
    return {"batchItemFailures": []}
