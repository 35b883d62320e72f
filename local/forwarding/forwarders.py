"""Run forwarders for a program without an event loop."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from local.forwarding.address import Address
from local.forwarding.forwarder import Forwarder, open_forwarder

T = TypeVar("T")


class Forwarders:
    """Forwarders in one background thread; every method is thread-safe."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="forwarders", daemon=True)
        self._thread.start()
        self._open: set[Forwarder] = set()

    def open(self, listen: Address, to: Address) -> Forwarder:
        """Open a forwarder; see `open_forwarder`."""
        forwarder = self._run(open_forwarder(listen, to))
        self._open.add(forwarder)
        return forwarder

    def close(self, forwarder: Forwarder) -> None:
        """Close a forwarder. This method is idempotent."""
        self._open.discard(forwarder)
        self._run(forwarder.close())

    def close_all(self) -> None:
        """Close all forwarders and stop the thread; no forwarder can be opened after that."""
        for forwarder in list(self._open):
            self.close(forwarder)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
