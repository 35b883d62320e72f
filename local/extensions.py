"""Load the local environment's extensions, provided by other distributions such as intermodal-offline.

Each extension is an entry point in the group `intermodal.local`, so this package never imports those distributions.
"""

from functools import cache
from importlib.metadata import entry_points
from typing import Any

from local.advice import LocalError

GROUP = "intermodal.local"
INSTALL = "install intermodal-offline, which provides a replacement (`.venv/bin/pip install --no-deps -e offline`)"


@cache
def find(name: str) -> Any | None:
    """Return an entry point's object, or None if no installed distribution defines it."""
    for point in entry_points(group=GROUP, name=name):
        return point.load()
    return None


def require(name: str, missing: str) -> Any:
    """Return an entry point's object.

    Raises:
        LocalError: no installed distribution defines it; the message is `missing` plus how to install one that does.
    """
    found = find(name)
    if found is None:
        raise LocalError(f"{missing}, or {INSTALL}.")
    return found
