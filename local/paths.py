"""Where the embedded default keeps its things: `.local` in the clone, and one cache folder outside it."""

import hashlib
import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The clone."""

LOCAL = ROOT / ".local"
"""Everything one clone makes; ignored by git, removed by `make clean`."""

VENV = ROOT / ".venv"


def cache() -> Path:
    """Folder of what is expensive to make and the same for every clone, keyed by version.

    `INTERMODAL_CACHE`, else `intermodal` in `XDG_CACHE_HOME`, else `~/.cache/intermodal`.
    """
    if chosen := os.environ.get("INTERMODAL_CACHE"):
        return Path(chosen).expanduser().resolve()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "intermodal"


def key() -> str:
    """What tells this clone's things from another's on the same machine."""
    return hashlib.sha256(str(LOCAL).encode()).hexdigest()[:12]


def sockets() -> Path:
    """Short folder for Unix sockets: their path may have 107 bytes only (unix(7)), a clone's may be longer."""
    return Path(tempfile.gettempdir()) / f"intermodal-{key()}"
