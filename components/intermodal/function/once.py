"""What happens once per program: the declaration of a function, and a question that all functions ask alike."""

import asyncio
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from pulumi.runtime import get_root_resource
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import get_monitor
from pulumi.runtime.sync_await import _sync_await

from intermodal.errors import DefinitionError, Problem
from intermodal.function.quotas import Tally

T = TypeVar("T")

_DECLARED = "_intermodal_declared"
_ASKED = "_intermodal_asked"
_TALLY = "_intermodal_tally"
_BEGUN = "registrations have begun"


def declare(subject: str) -> None:
    """Note that `subject` exists in this program: the engine would refuse a second one later, and in other words.

    Raises:
        DefinitionError: it was declared before.
    """
    declared: set[str] | None = _kept(_DECLARED, set)
    if declared is None:
        return
    if subject in declared:
        text = "is declared twice in this program; give the second function a name of its own"
        raise DefinitionError(subject, [Problem(path="name", text=text)])
    declared.add(subject)


def asked(question: Hashable, ask: Callable[[], T]) -> T:
    """The answer of the first who asked; an invoke of the engine costs more than the registration of a resource."""
    answers: dict[Hashable, object] | None = _kept(_ASKED, dict)
    if answers is None:
        return ask()
    if question not in answers:
        answers[question] = ask()
    return cast("T", answers[question])


def program_tally() -> Tally:
    """Return the counts of this program; under mocks, where programs share a process, an empty one."""
    return _kept(_TALLY, Tally) or Tally()


def let_registrations_begin() -> None:
    """Run the event loop for a moment, once per program and after its first registration was asked for.

    Where no registration has begun when a program ends, the SDK waits for every output instead, and walks through all
    that are pending whenever one is done (pulumi 3.272, runtime/stack.py, wait_for_rpcs): quadratic in the resources.
    """
    answers: dict[Hashable, object] | None = _kept(_ASKED, dict)
    if answers is not None and _BEGUN not in answers:
        answers[_BEGUN] = _sync_await(asyncio.sleep(0))


def _kept(name: str, make: Callable[[], T]) -> T | None:
    """What hangs on the program's own stack resource, so that two programs in one process never meet.

    Mocks share that resource between the tests of a process and refuse no name, so there nothing is kept.
    """
    stack = get_root_resource()
    if stack is None or isinstance(get_monitor(), MockMonitor):
        return None
    return cast("T", stack.__dict__.setdefault(name, make()))
