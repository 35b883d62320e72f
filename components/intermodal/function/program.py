"""Per-program state: shared invokes and the usage of account quotas."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from pulumi.runtime.settings import get_monitor

from intermodal import workarounds
from intermodal.function.quotas import QuotaUsage

T = TypeVar("T")


class Program:
    """State of one Pulumi program."""

    def __init__(self) -> None:
        self.quota_usage = QuotaUsage()
        self._answers: dict[Hashable, object] = {}

    def memoize(self, key: Hashable, invoke: Callable[[], T]) -> T:
        """Return the first result for `key`; for the engine, an invoke costs more than registering a resource."""
        if key not in self._answers:
            self._answers[key] = invoke()
        return cast("T", self._answers[key])

    def start_registrations(self) -> None:
        """Start pending registrations, once per program."""
        self.memoize("registrations", workarounds.start_registrations)


_programs: WeakKeyDictionary[Any, Program] = WeakKeyDictionary()
"""Keyed by the engine's monitor: each program in a process has its own, and so does each `set_mocks` call."""


def current_program() -> Program:
    """Return the state of the running program."""
    return _programs.setdefault(get_monitor(), Program())
