"""Make an expensive folder once per machine: two makers wait for each other, a killed one leaves no half."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from local import paths


def built_once(key: str, make: Callable[[Path], None]) -> Path:
    """Folder `key` of the cache, made by `make(folder)` where it is not there yet.

    `make` works in a folder beside it, which takes its place by one rename: what stands under `key` is whole.
    """
    folder = paths.cache() / key
    if folder.is_dir():
        return folder
    with locked(key):
        if folder.is_dir():  # the maker we waited for was quicker
            return folder
        half = folder.with_name(f".{folder.name}.making")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True)
        make(half)
        half.rename(folder)
    return folder


@contextmanager
def locked(key: str) -> Iterator[None]:
    """Hold the cache's lock `key`; the kernel releases it when the holder dies."""
    lock = paths.cache() / "locks" / f"{key.replace('/', '-')}.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
