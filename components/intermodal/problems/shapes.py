"""Convert a stack file's fields to arguments, according to the arguments' TypedDicts.

Stack files use camel-case keys and contain no Outputs. This module checks only keys and types, with the `Validator`
that also validates a program's arguments.
"""

import ast
import inspect
import textwrap
from collections.abc import Awaitable, Collection, Mapping
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, ForwardRef, NotRequired, Union, get_args, get_origin, is_typeddict

from intermodal.problems.errors import join_path
from intermodal.problems.validation import Validator, required_keys

Shorthands = Mapping[type, str]
"""TypedDicts that can be abbreviated: a plain value replaces the dict and sets this key."""


def to_camel(key: str) -> str:
    """Convert a snake-case key to camel case."""
    first, *others = key.split("_")
    return first + "".join(part.capitalize() for part in others)


def type_of(hint: Any) -> Any:
    """Return the plain type of a type hint, without NotRequired and Input."""
    if get_origin(hint) is NotRequired:
        return type_of(get_args(hint)[0])
    if get_origin(hint) in {Union, UnionType}:
        (plain,) = [each for each in get_args(hint) if not _is_later(each)]
        return type_of(plain)
    return hint


def _is_later(part: Any) -> bool:
    """Return whether a member of an Input union is an Awaitable, or an Output, which is a forward reference there."""
    return isinstance(part, ForwardRef) or get_origin(part) is Awaitable


@cache
def read_docstrings(shape: type) -> Mapping[str, str]:
    """Return the docstrings of a TypedDict's keys, each joined into one line."""
    (validator,) = ast.parse(textwrap.dedent(inspect.getsource(shape))).body
    assert isinstance(validator, ast.ClassDef)  # noqa: S101 - TypedDicts are classes
    found = {}
    for key, below in zip(validator.body, validator.body[1:], strict=False):
        if isinstance(key, ast.AnnAssign) and isinstance(key.target, ast.Name) and isinstance(below, ast.Expr):
            found[key.target.id] = " ".join(str(ast.literal_eval(below.value)).split())
    return found


class Reader:
    """Reader that converts a stack file's fields to arguments."""

    def __init__(self, validator: Validator, shorthands: Shorthands, skip: Collection[str] = ()) -> None:
        self._validator = validator
        self._shorthands = shorthands
        self._skip = skip  # paths whose values were already rejected

    def fields(
        self, path: str, given: object, shape: Any, *, keys: Collection[str] | None = None, optional: bool = False
    ) -> dict[str, Any]:
        """Return the fields with snake-case keys; allow only `keys` if set, and require no key if `optional`."""
        hints = {key: hint for key, hint in shape.__annotations__.items() if keys is None or key in keys}
        spelled = {to_camel(key): key for key in hints}
        required = [] if optional else [to_camel(key) for key in hints if key in required_keys(shape)]
        found = self._validator.keys(path, given, list(spelled), required)
        return {
            spelled[word]: self._value(join_path(path, word), value, type_of(hints[spelled[word]]))
            for word, value in found.items()
        }

    def _value(self, path: str, given: Any, kind: Any) -> Any:
        if path in self._skip:
            return None
        if is_typeddict(kind):
            return self._shorthand(path, given, kind)
        if get_origin(kind) is list:
            items = self._validator.sequence(path, given)
            return [
                self._value(f"{path}[{index}]", item, type_of(get_args(kind)[0])) for index, item in enumerate(items)
            ]
        if get_origin(kind) is dict:
            entries = self._validator.mapping(path, given)
            return {
                key: self._value(join_path(path, key), value, type_of(get_args(kind)[1]))
                for key, value in entries.items()
            }
        if isinstance(kind, type) and issubclass(kind, Enum):
            return self._validator.choice(path, given, kind)
        return self._leaf(path, given, kind)

    def _leaf(self, path: str, given: Any, kind: Any) -> Any:
        if kind is bool:
            return self._validator.boolean(path, given)
        if kind is int:
            return self._validator.integer(path, given)
        if kind is float:
            return self._validator.number(path, given)
        if kind is str:
            return self._validator.text(path, given)
        return given

    def _shorthand(self, path: str, given: Any, shape: Any) -> Any:
        key = self._shorthands.get(shape)
        if key is None or isinstance(given, Mapping):
            return self.fields(path, given, shape)
        return self._value(path, given, type_of(shape.__annotations__[key]))
