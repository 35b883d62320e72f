"""Locate the local environment's folders: `.local` in the clone and a cache folder outside it."""

import hashlib
import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The clone's root folder."""

LOCAL = ROOT / ".local"
"""Folder for everything that this clone creates; Git ignores it, and `make clean` removes it."""

VENV = ROOT / ".venv"


def cache() -> Path:
    """Return the cache folder for expensive artifacts, shared by all clones and keyed by version.

    The folder is `INTERMODAL_CACHE`, else `intermodal` in `XDG_CACHE_HOME`, else `~/.cache/intermodal`.
    """
    if chosen := os.environ.get("INTERMODAL_CACHE"):
        return Path(chosen).expanduser().resolve()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "intermodal"


def key() -> str:
    """Return the ID that distinguishes this clone from others on the same machine."""
    return hashlib.sha256(str(LOCAL).encode()).hexdigest()[:12]


def sockets() -> Path:
    """Return a folder with a short path for Unix sockets, whose paths are limited to 107 bytes (unix(7))."""
    return Path(tempfile.gettempdir()) / f"intermodal-{key()}"
