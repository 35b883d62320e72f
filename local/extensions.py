"""Extension points of the local environment, filled by other distributions such as intermodal-offline.

Each extension is an entry point of the group `intermodal.local`, so this package never imports those distributions.
"""

from functools import cache
from importlib.metadata import entry_points
from typing import Any

from local.advice import LocalError

GROUP = "intermodal.local"
INSTALL = "install intermodal-offline, which replaces it (`.venv/bin/pip install --no-deps -e offline`)"


@cache
def find(name: str) -> Any | None:
    """Return the object of an entry point, or None if no installed distribution defines it."""
    for point in entry_points(group=GROUP, name=name):
        return point.load()
    return None


def require(name: str, missing: str) -> Any:
    """Return the object of an entry point.

    Raises:
        LocalError: no installed distribution defines it; the text is `missing` and how to install one.
    """
    found = find(name)
    if found is None:
        raise LocalError(f"{missing}, or {INSTALL}.")
    return found
