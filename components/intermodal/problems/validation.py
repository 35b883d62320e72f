"""Collect the problems of one definition, so that they are reported together."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import Enum
from typing import Any, TypeGuard, TypeVar

from pulumi import Input, Output

from intermodal.problems.errors import DefinitionError, Problem, join_path, nearest, unknown

T = TypeVar("T")
E = TypeVar("E", bound=Enum)

Check = Callable[[Any], Problem | None]


class Definition:
    """The problems of one definition, in the order they were met."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self._problems: dict[Problem, None] = {}

    def add(self, path: str, text: str) -> None:
        """Record one problem."""
        self.extend([Problem(path=path, text=text)])

    def extend(self, problems: Iterable[Problem]) -> None:
        """Record several; one that is recorded already, as of two lanes on one target, is left out."""
        self._problems.update(dict.fromkeys(problems))

    @property
    def problems(self) -> list[Problem]:
        """Everything recorded so far."""
        return list(self._problems)

    def has_problem(self, path: str) -> bool:
        """Return whether a problem of this path, or inside it, is recorded."""
        return any(re.match(rf"{re.escape(path)}(?![\w-])", problem.path) for problem in self._problems)

    def finish(self) -> None:
        """Raise what was recorded.

        Raises:
            DefinitionError: there was something.
        """
        if self.problems:
            raise DefinitionError(self.subject, self.problems)

    def block(self, path: str, given: object, shape: type) -> dict[str, Any]:
        """Return `given` as a block of this TypedDict; unknown and missing keys are problems."""
        allowed = list(shape.__annotations__)
        return self.keys(path, given, allowed, [key for key in allowed if key in required_keys(shape)])

    def keys(self, path: str, given: object, allowed: Sequence[str], required: Sequence[str]) -> dict[str, Any]:
        """Return `given` as a block with these keys; unknown and missing ones are problems."""
        if not isinstance(given, Mapping):
            self.add(
                path or "definition",
                f"must be a block with the keys {', '.join(allowed)}, got {given!r}",
            )
            return {}
        for key in given:
            if key not in allowed:
                text = f"is not known here; known are {', '.join(allowed)}{nearest(str(key), allowed)}"
                self.add(join_path(path, str(key)), text)
        for key in required:
            if given.get(key) is None:
                self.add(join_path(path, key), "is missing; it has no default")
        return {key: value for key, value in given.items() if key in allowed and value is not None}

    def items(self, path: str, given: object) -> list[Any]:
        """`given` as a list; a text is not one."""
        if isinstance(given, Sequence) and not isinstance(given, str):
            return list(given)
        self.add(path, f"must be a list, got {given!r}; put it into [ ]")
        return []

    def text_items(self, path: str, given: object) -> list[Any]:
        """`given` as a list of texts, known now or later, and at least one."""
        found = self.items(path, given)
        if isinstance(given, Sequence) and not given:
            self.add(path, "must name at least one, got none")
        for index, item in enumerate(found):
            if not isinstance(item, str | Output):
                self.add(f"{path}[{index}]", f"must be text, got {item!r}")
        return found

    def mapping(self, path: str, given: object) -> dict[str, Any]:
        """`given` as a mapping with texts as keys."""
        if isinstance(given, Mapping) and all(isinstance(key, str) for key in given):
            return dict(given)
        self.add(path, f"must map names to values, got {given!r}")
        return {}

    def text(self, path: str, given: object) -> Input[str]:
        """Return `given` as text, known now or later."""
        if not isinstance(given, str | Output):
            self.add(path, f"must be text, got {given!r}; write it in quotes")
            return ""
        return given

    def whole(self, path: str, given: object, default: int = 1) -> Input[int]:
        """Return `given` as a whole number, known now or later, or `default` in its place once it is reported.

        The engine hands every number over as a float.
        """
        number = integer(given)
        if isinstance(number, Output) or is_whole(number):
            return number
        self.add(path, f"must be a whole number, got {given!r}")
        return default

    def number(self, path: str, given: object) -> float:
        """Return `given` as a number above or equal to 0."""
        if isinstance(given, bool) or not isinstance(given, int | float) or given < 0:
            self.add(path, f"must be a number above 0, known before the deployment, got {given!r}")
            return 0
        return float(given)

    def texts(self, path: str, given: object) -> dict[str, Input[str]]:
        """`given` as a mapping from names to texts, known now or later."""
        values = self.mapping(path, given)
        for name, value in values.items():
            self.text(join_path(path, name), value)
        return {name: value for name, value in values.items() if isinstance(value, str | Output)}

    def plain_texts(self, path: str, block: Mapping[str, Any], keys: Iterable[str]) -> None:
        """Each of these keys that is given as a text that is not empty, known now or later."""
        for key in keys:
            if key in block and not (isinstance(block[key], Output) or (isinstance(block[key], str) and block[key])):
                self.add(f"{path}.{key}", f"must be text, got {block[key]!r}; give a value, or leave it out")

    def flag(self, path: str, given: object) -> bool:
        """`given` as yes or no."""
        if not isinstance(given, bool):
            self.add(path, f"must be true or false, got {given!r}")
        return given is True

    def one_of(self, path: str, block: Mapping[str, Any], kinds: Sequence[str]) -> str | None:
        """The one kind that `block` has; none or several are a problem."""
        given = [kind for kind in kinds if kind in block]
        if len(given) == 1:
            return given[0]
        got = " and ".join(given) if given else "none of them"
        self.add(path, f"must have exactly one of {', '.join(kinds)}, got {got}; give each its own block")
        return None

    def word(self, path: str, given: object, words: type[E]) -> E | None:
        """`given` as a member of this enum; a plain string is coerced."""
        if isinstance(given, Output):
            self.add(path, "must be known before the deployment, because it decides which resources exist; give a word")
            return None
        value = given.value if isinstance(given, Enum) else given
        try:
            return words(value)
        except ValueError:
            self.extend([unknown(path, value, [member.value for member in words])])
            return None

    def positive(self, path: str, given: object) -> int:
        """Return `given` as a whole number above 0, or 1 in its place once it is reported."""
        number = integer(given)
        if is_whole(number) and number > 0:
            return number
        self.add(path, f"must be a whole number above 0, got {number!r}")
        return 1

    def name(self, path: str, given: object, pattern: re.Pattern[str], meaning: str) -> str:
        """`given` as a name of this pattern."""
        if not isinstance(given, str) or not pattern.fullmatch(given):
            self.add(path, f"must be {meaning} (pattern {pattern.pattern}), got {given!r}")
        return str(given)


def required_keys(shape: Any) -> Collection[str]:
    """Return the keys that a block of this TypedDict cannot do without."""
    keys: Collection[str] = shape.__required_keys__
    return keys


def is_whole(value: object) -> TypeGuard[int]:
    """Return whether a value is a whole number; True and False are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def integer(value: object) -> object:
    """Floats that are whole numbers as ints: the engine hands every number over as a float."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def gated(value: Input[T], subject: str, check: Check) -> Input[T]:
    """`value`, or where it is an Output that value once `check` found nothing wrong with it.

    None is let pass: mocks of a unit test may not give the output of a resource.
    """
    if not isinstance(value, Output):
        return value

    def passed(known: T) -> T:
        if known is not None and (problem := check(known)):
            raise DefinitionError(subject, [problem])
        return known

    return value.apply(passed)


def problems_of(value: object, check: Check) -> list[Problem]:
    """What `check` says of a plain value; an Output is looked at when it is known (`gated`)."""
    found = None if isinstance(value, Output) else check(value)
    return [found] if found else []
