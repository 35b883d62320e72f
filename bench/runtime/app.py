"""The function that is measured: it does nothing, so that what is left is the way to it and back."""

from typing import Any


def handler(_event: Any, _context: Any) -> dict[str, Any]:
    """Every record was handled."""
    return {"batchItemFailures": []}
