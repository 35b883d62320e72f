"""State of one program: answers that its functions share, and a count of what they take of the account's quotas."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from pulumi.runtime.settings import get_monitor

from intermodal import workarounds
from intermodal.function.quotas import Tally

T = TypeVar("T")


class Program:
    """State of one program."""

    def __init__(self) -> None:
        self.tally = Tally()
        self._answers: dict[Hashable, object] = {}

    def memoize(self, key: Hashable, invoke: Callable[[], T]) -> T:
        """Return the first answer for `key`: an invoke costs the engine more than the registration of a resource."""
        if key not in self._answers:
            self._answers[key] = invoke()
        return cast("T", self._answers[key])

    def start_registrations(self) -> None:
        """Let the registrations begin, once and after the first was asked for."""
        self.memoize("registrations", workarounds.start_registrations)


_programs: WeakKeyDictionary[Any, Program] = WeakKeyDictionary()
"""By the engine's monitor: each program that shares a process has its own, and so has each call of `set_mocks`."""


def current_program() -> Program:
    """Return the state of the program that runs."""
    return _programs.setdefault(get_monitor(), Program())
