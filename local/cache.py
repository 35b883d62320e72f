"""Build an expensive folder once per machine, even if builds run concurrently or are interrupted."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from local import paths
from local.advice import LocalError


def build_once(key: str, make: Callable[[Path], None]) -> Path:
    """Return the cache folder `key`; call `make(folder)` if it does not exist.

    `make` works in a temporary folder that is then renamed, so the folder `key` is always complete.
    """
    folder = paths.cache() / key
    if folder.is_dir():
        return folder
    with hold_lock(key):
        if folder.is_dir():  # another process built it while we waited for the lock
            return folder
        half = folder.with_name(f".{folder.name}.making")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True)
        make(half)
        half.rename(folder)
    return folder


@contextmanager
def hold_lock(key: str) -> Iterator[None]:
    """Hold the cache lock `key`; the kernel releases it if the process dies."""
    with _open_lock(paths.cache() / "locks" / f"{key.replace('/', '-')}.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def clone_lock() -> Iterator[None]:
    """Hold this clone's lock, so that only one run changes its stack.

    Without the lock, a second run would mistake a run in progress for one that was killed.

    Raises:
        LocalError: another run holds the lock.
    """
    with _open_lock(paths.LOCAL / "lock") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LocalError(
                f"Another `make` is using the stack in {paths.ROOT}; wait for it to finish, then run this again."
            ) from None
        yield


@contextmanager
def _open_lock(lock: Path) -> Iterator[TextIO]:
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as file:
        yield file
