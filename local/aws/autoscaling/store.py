"""Targets and policies as the API gives them, kept in a file, because ministack saves only its own services."""

import json
import threading
from pathlib import Path
from typing import Any


class Store:
    """One emulator's; every method is one step."""

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path, threading.RLock()
        self._state: dict[str, dict[str, Any]] = {"targets": {}, "policies": {}}
        if path.exists():
            self._state = json.loads(path.read_text())

    def put(self, kind: str, key: str, value: dict[str, Any]) -> None:
        """Make or replace."""
        with self._lock:
            self._state[kind][key] = value
            self._save()

    def get(self, kind: str, key: str) -> dict[str, Any] | None:
        """The one under this key."""
        with self._lock:
            found: dict[str, Any] | None = self._state[kind].get(key)
            return found

    def pop(self, kind: str, key: str) -> dict[str, Any] | None:
        """Forget it."""
        with self._lock:
            found: dict[str, Any] | None = self._state[kind].pop(key, None)
            self._save()
            return found

    def all(self, kind: str) -> list[dict[str, Any]]:
        """All of a kind."""
        with self._lock:
            return list(self._state[kind].values())

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._state = {"targets": {}, "policies": {}}
            self._save()

    def _save(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(self._state))
