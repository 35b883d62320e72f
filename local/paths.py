"""Folders of the local environment: `.local` in the clone, and one cache folder outside it."""

import hashlib
import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""Root of the clone."""

LOCAL = ROOT / ".local"
"""Folder of all that one clone makes; ignored by git, removed by `make clean`."""

VENV = ROOT / ".venv"


def cache() -> Path:
    """Return the folder of expensive artefacts that all clones share, keyed by version.

    It is `INTERMODAL_CACHE`, else `intermodal` in `XDG_CACHE_HOME`, else `~/.cache/intermodal`.
    """
    if chosen := os.environ.get("INTERMODAL_CACHE"):
        return Path(chosen).expanduser().resolve()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "intermodal"


def key() -> str:
    """Return the id that separates this clone from others on the same machine."""
    return hashlib.sha256(str(LOCAL).encode()).hexdigest()[:12]


def sockets() -> Path:
    """Return a short folder for Unix sockets, whose paths are limited to 107 bytes (unix(7))."""
    return Path(tempfile.gettempdir()) / f"intermodal-{key()}"
