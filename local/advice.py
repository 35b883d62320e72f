"""Define the local environment's errors; each message says how to fix the problem."""

import errno
import os
import shutil
from pathlib import Path


class LocalError(RuntimeError):
    """Problem on this machine that stops the local environment; the message says what, where, and how to fix it."""


GIB = 1 << 30


def need_space(folder: Path, gib: float, purpose: str) -> None:
    """Raise an error if a long job would run out of disk space.

    Raises:
        LocalError: the file system that contains `folder` has less than `gib` GiB free.
    """
    existing = folder
    while not existing.exists():
        existing = existing.parent
    free = shutil.disk_usage(existing).free / GIB
    if free < gib:
        raise LocalError(
            f"{purpose} needs {gib:g} GiB of free space in {folder}, which has {free:.1f} GiB; "
            "free some space there, or set INTERMODAL_CACHE to a folder on a larger disk."
        )


def disk_full(error: OSError) -> LocalError | None:
    """Return a LocalError for ENOSPC or EDQUOT, or None for any other cause."""
    if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
        return None
    where = error.filename or os.environ.get("INTERMODAL_CACHE") or "the disk"
    return LocalError(
        f"No space left while writing {where}; free some space (or set INTERMODAL_CACHE to a folder on a larger disk) "
        "and run the same command again to resume."
    )
