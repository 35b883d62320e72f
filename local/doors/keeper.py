"""Doors of a program without an event loop of its own, such as one of threads."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from local.doors.door import Door, open_door
from local.doors.place import Place

T = TypeVar("T")


class Doors:
    """Keeps doors in one background thread; every method may be called from any thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="doors", daemon=True)
        self._thread.start()
        self._open: set[Door] = set()

    def open(self, listen: Place, to: Place) -> Door:
        """As `open_door`."""
        door = self._run(open_door(listen, to))
        self._open.add(door)
        return door

    def close(self, door: Door) -> None:
        """Close one; again is nothing."""
        self._open.discard(door)
        self._run(door.close())

    def close_all(self) -> None:
        """Close all and end the thread; nothing can be opened afterwards."""
        for door in list(self._open):
            self.close(door)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
