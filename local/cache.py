"""Make an expensive folder once per machine: two makers wait for each other, a killed one leaves no half."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from local import paths
from local.advice import LocalError


def build_once(key: str, make: Callable[[Path], None]) -> Path:
    """Folder `key` of the cache, made by `make(folder)` where it is not there yet.

    `make` works in a folder beside it, which takes its place by one rename: what stands under `key` is whole.
    """
    folder = paths.cache() / key
    if folder.is_dir():
        return folder
    with hold_lock(key):
        if folder.is_dir():  # the maker we waited for was quicker
            return folder
        half = folder.with_name(f".{folder.name}.making")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True)
        make(half)
        half.rename(folder)
    return folder


@contextmanager
def hold_lock(key: str) -> Iterator[None]:
    """Hold the cache's lock `key`; the kernel releases it when the holder dies."""
    with _held(paths.cache() / "locks" / f"{key.replace('/', '-')}.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def clone_lock() -> Iterator[None]:
    """Change this clone's stack alone: what another run has in hand would look like what a killed one left.

    Raises:
        LocalError: another run holds the clone.
    """
    with _held(paths.LOCAL / "lock") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LocalError(
                f"Another `make` works on the stack of {paths.ROOT} now; wait until it has ended and run this again."
            ) from None
        yield


@contextmanager
def _held(lock: Path) -> Iterator[TextIO]:
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as held:
        yield held
