"""Validate values and collect the problems, so that all of them are reported together."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import Enum
from typing import Any, TypeGuard, TypeVar

from pulumi import Input, Output

from intermodal.problems.errors import DefinitionError, Problem, join_path, suggest, unknown_choice

T = TypeVar("T")
E = TypeVar("E", bound=Enum)

Check = Callable[[Any], Problem | None]


class Validator:
    """Validator that collects problems in the order in which they are found."""

    def __init__(self, display_name: str) -> None:
        self.display_name = display_name
        self._problems: dict[Problem, None] = {}

    def add(self, path: str, text: str) -> None:
        """Record one problem."""
        self.extend([Problem(path=path, text=text)])

    def extend(self, problems: Iterable[Problem]) -> None:
        """Record several problems; skip duplicates, such as the same problem in two lanes with one target."""
        self._problems.update(dict.fromkeys(problems))

    @property
    def problems(self) -> list[Problem]:
        """Problems recorded so far."""
        return list(self._problems)

    def has_problem(self, path: str) -> bool:
        """Return whether a problem was recorded for this path or a path below it."""
        return any(re.match(rf"{re.escape(path)}(?![\w-])", problem.path) for problem in self._problems)

    def raise_problems(self) -> None:
        """Raise an error if any problem was recorded.

        Raises:
            DefinitionError: At least one problem was recorded.
        """
        if self.problems:
            raise DefinitionError(self.display_name, self.problems)

    def fields(self, path: str, given: object, shape: type) -> dict[str, Any]:
        """Return the keys of `given` that a TypedDict has; report unknown and missing keys."""
        allowed = list(shape.__annotations__)
        return self.keys(path, given, allowed, [key for key in allowed if key in required_keys(shape)])

    def keys(self, path: str, given: object, allowed: Sequence[str], required: Sequence[str]) -> dict[str, Any]:
        """Return the allowed keys of `given`; report unknown and missing keys."""
        if not isinstance(given, Mapping):
            self.add(
                path or "definition",
                f"must be a block with the keys {', '.join(allowed)}, got {given!r}",
            )
            return {}
        for key in given:
            if key not in allowed:
                text = f"is not a known argument; expected one of {', '.join(allowed)}{suggest(str(key), allowed)}"
                self.add(join_path(path, str(key)), text)
        for key in required:
            if given.get(key) is None:
                self.add(join_path(path, key), "is missing; it has no default")
        return {key: value for key, value in given.items() if key in allowed and value is not None}

    def sequence(self, path: str, given: object) -> list[Any]:
        """Return `given` as a list; reject strings."""
        if isinstance(given, Sequence) and not isinstance(given, str):
            return list(given)
        self.add(path, f"must be a list, got {given!r}; enclose it in [ ]")
        return []

    def text_list(self, path: str, given: object) -> list[Any]:
        """Return `given` as a non-empty list of strings or Outputs."""
        found = self.sequence(path, given)
        if isinstance(given, Sequence) and not given:
            self.add(path, "must have at least one entry, got none")
        for index, item in enumerate(found):
            if not isinstance(item, str | Output):
                self.add(f"{path}[{index}]", f"must be a string, got {item!r}")
        return found

    def mapping(self, path: str, given: object) -> dict[str, Any]:
        """Return `given` as a mapping with string keys."""
        if isinstance(given, Mapping) and all(isinstance(key, str) for key in given):
            return dict(given)
        self.add(path, f"must map names to values, got {given!r}")
        return {}

    def text(self, path: str, given: object) -> Input[str]:
        """Return `given` as a string or an Output."""
        if not isinstance(given, str | Output):
            self.add(path, f"must be a string, got {given!r}; quote it")
            return ""
        return given

    def integer(self, path: str, given: object, default: int = 1) -> Input[int]:
        """Return `given` as an integer or an Output; if it is neither, report it and return `default`.

        The engine passes all numbers as floats.
        """
        number = drop_fraction(given)
        if isinstance(number, Output) or is_integer(number):
            return number
        self.add(path, f"must be a whole number, got {given!r}")
        return default

    def number(self, path: str, given: object) -> float:
        """Return `given` as a float; report values below 0, Outputs and other types."""
        if isinstance(given, bool) or not isinstance(given, int | float) or given < 0:
            self.add(path, f"must be a number of at least 0 that is known before the deployment, got {given!r}")
            return 0
        return float(given)

    def text_mapping(self, path: str, given: object) -> dict[str, Input[str]]:
        """Return `given` as a mapping from names to strings or Outputs."""
        values = self.mapping(path, given)
        for name, value in values.items():
            self.text(join_path(path, name), value)
        return {name: value for name, value in values.items() if isinstance(value, str | Output)}

    def require_text(self, path: str, fields: Mapping[str, Any], keys: Iterable[str]) -> None:
        """Require a non-empty string or an Output for each key that is present."""
        for key in keys:
            if key in fields and not (
                isinstance(fields[key], Output) or (isinstance(fields[key], str) and fields[key])
            ):
                self.add(f"{path}.{key}", f"must be a non-empty string, got {fields[key]!r}; set a value, or remove it")

    def boolean(self, path: str, given: object) -> bool:
        """Return `given` as a boolean."""
        if not isinstance(given, bool):
            self.add(path, f"must be true or false, got {given!r}")
        return given is True

    def one_of(self, path: str, fields: Mapping[str, Any], kinds: Sequence[str]) -> str | None:
        """Return which of `kinds` is in `fields`; report if none or several are."""
        given = [kind for kind in kinds if kind in fields]
        if len(given) == 1:
            return given[0]
        got = " and ".join(given) if given else "none of them"
        self.add(path, f"must have exactly one of {', '.join(kinds)}, got {got}; use a separate block for each")
        return None

    def choice(self, path: str, given: object, words: type[E]) -> E | None:
        """Return `given` as a member of the enum; accept a member's value."""
        if isinstance(given, Output):
            self.add(
                path, "must be known before the deployment, because it determines the resources; use a plain value"
            )
            return None
        value = given.value if isinstance(given, Enum) else given
        try:
            return words(value)
        except ValueError:
            self.extend([unknown_choice(path, value, [member.value for member in words])])
            return None

    def positive_integer(self, path: str, given: object) -> int:
        """Return `given` as a positive integer; otherwise report it and return 1."""
        number = drop_fraction(given)
        if is_integer(number) and number > 0:
            return number
        self.add(path, f"must be a whole number above 0, got {number!r}")
        return 1

    def integer_in(self, path: str, given: object, allowed: range) -> int:
        """Return `given` as an integer in `allowed`; otherwise report it and return the lowest allowed value."""
        number = drop_fraction(given)
        if is_integer(number) and number in allowed:
            return number
        self.add(path, f"must be a whole number from {allowed[0]} to {allowed[-1]}, got {number!r}")
        return allowed[0]

    def name(self, path: str, given: object, pattern: re.Pattern[str], meaning: str) -> str:
        """Return `given` as a string; report it if it does not match the pattern."""
        if not isinstance(given, str) or not pattern.fullmatch(given):
            self.add(path, f"must be {meaning} (pattern {pattern.pattern}), got {given!r}")
        return str(given)


def required_keys(shape: Any) -> Collection[str]:
    """Return a TypedDict's required keys."""
    keys: Collection[str] = shape.__required_keys__
    return keys


def is_integer(value: object) -> TypeGuard[int]:
    """Return whether a value is an int but not a bool."""
    return isinstance(value, int) and not isinstance(value, bool)


def drop_fraction(value: object) -> object:
    """Convert a float without a fraction to an int, because the engine passes all numbers as floats."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def check_output(value: Input[T], display_name: str, check: Check) -> Input[T]:
    """Validate an Output when it resolves; return plain values unchanged.

    None is accepted, because mocks may not return every output.
    """
    if not isinstance(value, Output):
        return value

    def require_valid(known: T) -> T:
        if known is not None and (problem := check(known)):
            raise DefinitionError(display_name, [problem])
        return known

    return value.apply(require_valid)


def check_value(value: object, check: Check) -> list[Problem]:
    """Return the problem with a plain value, if any; use `check_output` to validate Outputs."""
    found = None if isinstance(value, Output) else check(value)
    return [found] if found else []
