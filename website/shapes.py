"""Read arguments, outputs, and docstrings from the library's source."""

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import Any, is_typeddict

WRAPPERS = ("NotRequired", "Input", "Output")
"""Generic types that the reference pages omit."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """Key in a TypedDict or output of a component."""

    name: str
    kind: str
    """Type without generic wrappers."""
    required: bool
    text: str
    default: str
    linked: tuple[type, ...]


def fields_of(shape: Any) -> list[Field]:
    """Return a class's annotated attributes with their docstrings."""
    body = _class_of(shape).body
    below = {id(field): text for field, text in pairwise(body) if isinstance(text, ast.Expr)}
    return [_field(shape, each, below.get(id(each))) for each in body if isinstance(each, ast.AnnAssign)]


def members_of(enum: type[Enum]) -> dict[str, str]:
    """Return an enum's values with their docstrings."""
    found, body = {}, _class_of(enum).body
    for member, below in pairwise(body):
        if isinstance(member, ast.Assign) and isinstance(below, ast.Expr):
            found[str(ast.literal_eval(member.value))] = one_line(str(ast.literal_eval(below.value)))
    return found


def nested_in(shape: Any) -> Iterator[type]:
    """Return the TypedDicts and enums that a TypedDict uses, without duplicates, in the order of its keys."""
    seen: dict[type, None] = {}

    def visit(current: Any) -> None:
        for field in fields_of(current):
            for linked in field.linked:
                if linked not in seen:
                    seen[linked] = None
                    if is_typeddict(linked):
                        visit(linked)

    visit(shape)
    return iter(seen)


def one_line(text: str) -> str:
    """Return a string with all whitespace collapsed to single spaces."""
    return " ".join(text.split())


def _class_of(shape: Any) -> ast.ClassDef:
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(shape))).body
    assert isinstance(definition, ast.ClassDef)
    return definition


def _field(shape: Any, node: ast.AnnAssign, below: ast.Expr | None) -> Field:
    text = one_line(str(ast.literal_eval(below.value))) if below else ""
    text, _, default = text.partition("Default: ")
    names = {each.id for each in ast.walk(node.annotation) if isinstance(each, ast.Name)}
    names_in_module = vars(sys.modules[shape.__module__])
    types = [names_in_module[name] for name in sorted(names) if name in names_in_module]
    linked = [each for each in types if _is_shape(each)]
    assert isinstance(node.target, ast.Name)
    return Field(
        name=node.target.id,
        kind=_plain(node.annotation),
        required="NotRequired" not in names,
        text=text.strip(),
        default=default.strip().removesuffix("."),
        linked=tuple(linked),
    )


def _is_shape(value: Any) -> bool:
    return is_typeddict(value) or (isinstance(value, type) and issubclass(value, Enum))


def _plain(annotation: ast.expr) -> str:
    text = ast.unparse(annotation)
    for wrapper in WRAPPERS:
        while match := re.search(rf"\b{wrapper}\[", text):
            text = _unwrap(text, match)
    return text


def _unwrap(text: str, match: re.Match[str]) -> str:
    depth = 1
    for index in range(match.end(), len(text)):
        depth += {"[": 1, "]": -1}.get(text[index], 0)
        if not depth:
            return text[: match.start()] + text[match.end() : index] + text[index + 1 :]
    return text
