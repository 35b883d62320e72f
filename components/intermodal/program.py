"""Cache values that are created once per Pulumi program, such as shared invokes."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from pulumi.runtime.settings import get_monitor

from intermodal import workarounds

T = TypeVar("T")


class Program:
    """Cached values for one Pulumi program."""

    def __init__(self) -> None:
        self._values: dict[Hashable, object] = {}

    def memoize(self, key: Hashable, create: Callable[[], T]) -> T:
        """Return the value for `key`; create it on the first call.

        An invoke takes the engine longer than registering a resource.
        """
        if key not in self._values:
            self._values[key] = create()
        return cast("T", self._values[key])

    def start_registrations(self) -> None:
        """Start pending registrations, once per program."""
        self.memoize("registrations", workarounds.start_registrations)


_programs: WeakKeyDictionary[Any, Program] = WeakKeyDictionary()
"""Programs by engine monitor. Each program in a process and each `set_mocks` call has a separate monitor."""


def current_program() -> Program:
    """Return the cached values of the running program."""
    return _programs.setdefault(get_monitor(), Program())
