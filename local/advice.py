"""The one error of the local default: a sentence that says what is wrong and what to do."""

import errno
import os
import shutil
from pathlib import Path


class LocalError(RuntimeError):
    """Something on this machine stops the local default; the text says what, where and what to do."""


GIB = 1 << 30


def need_space(folder: Path, gib: float, purpose: str) -> None:
    """Refuse to begin what cannot end.

    Raises:
        LocalError: the file system of `folder` has less than `gib` GiB free.
    """
    there = folder
    while not there.exists():
        there = there.parent
    free = shutil.disk_usage(there).free / GIB
    if free < gib:
        raise LocalError(
            f"{purpose} needs {gib:g} GiB free in {folder}, it has {free:.1f} GiB; "
            "free some space there, or set INTERMODAL_CACHE to a folder on a larger disk."
        )


def disk_full(error: OSError) -> LocalError | None:
    """The sentence for ENOSPC and EDQUOT; None for any other error."""
    if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
        return None
    where = error.filename or os.environ.get("INTERMODAL_CACHE") or "the disk"
    return LocalError(
        f"The disk is full while writing {where}; free some space (or set INTERMODAL_CACHE to a larger disk) "
        "and run the same command again: it resumes."
    )
