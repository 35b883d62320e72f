"""Pydantic models of the public TypedDicts, so that a stack file may say what a program may, in camel case."""

import ast
import inspect
import textwrap
from collections.abc import Awaitable, Callable, Collection, Mapping
from enum import Enum
from functools import cache
from types import UnionType
from typing import Annotated, Any, ForwardRef, NotRequired, Union, get_args, get_origin, is_typeddict

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model
from pydantic.alias_generators import to_camel


class Block(BaseModel):
    """A block of a stack file."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)


Sugar = Mapping[type, tuple[str, type]]
"""TypedDicts that a plain value may stand for: the key that it is, and its type."""


class Shapes:
    """Models by TypedDict; `described` ones carry the docstrings of their keys, for editors."""

    def __init__(self, sugar: Sugar, *, described: bool = False) -> None:
        self._sugar = sugar
        self._described = described
        self._made: dict[tuple[type, frozenset[str]], type[Block]] = {}

    def model(self, shape: type, name: str = "", *, without: Collection[str] = (), optional: bool = False) -> Any:
        """The model of a TypedDict but for the keys `without`; with `optional` no key is required."""
        key = (shape, frozenset(without))
        if key not in self._made:
            texts = docstrings(shape) if self._described else {}
            fields = {
                word: self._field(hint, texts.get(word), optional=optional)
                for word, hint in shape.__annotations__.items()
                if word not in without
            }
            title = name or shape.__name__.removesuffix("Args")
            self._made[key] = create_model(title, __base__=Block, __doc__=shape.__doc__, **fields)
        return self._made[key]

    def _field(self, hint: Any, text: str | None, *, optional: bool) -> Any:
        required = get_origin(hint) is not NotRequired and not optional
        kind = self._kind(get_args(hint)[0] if get_origin(hint) is NotRequired else hint)
        return (kind, Field(description=text)) if required else (kind | None, Field(default=None, description=text))

    def _kind(self, hint: Any) -> Any:
        if get_origin(hint) in {Union, UnionType}:
            (hint,) = [each for each in get_args(hint) if not _known_later(each)]
        if is_typeddict(hint):
            return self._block(hint)
        if get_origin(hint) is list:
            return list[self._kind(get_args(hint)[0])]  # type: ignore[misc]
        if get_origin(hint) is dict:
            return dict[str, self._kind(get_args(hint)[1])]  # type: ignore[misc]
        return hint

    def _block(self, shape: type) -> Any:
        model = self.model(shape)
        if shape not in self._sugar:
            return model
        word, plain = self._sugar[shape]
        return Annotated[model, BeforeValidator(_as_block(word, plain), json_schema_input_type=plain | model)]


def _known_later(part: Any) -> bool:
    """Whether a part of an `Input` is what a file cannot hold: an Output (a forward reference there) or a future."""
    return isinstance(part, ForwardRef) or get_origin(part) is Awaitable


def _as_block(word: str, plain: type) -> Callable[[Any], Any]:
    kind = str if issubclass(plain, Enum) else plain
    return lambda given: {word: given} if isinstance(given, kind) else given


@cache
def docstrings(shape: type) -> Mapping[str, str]:
    """The text below each key of a TypedDict, as one line."""
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(shape))).body
    assert isinstance(definition, ast.ClassDef)  # noqa: S101 - a TypedDict is one
    found = {}
    for key, below in zip(definition.body, definition.body[1:], strict=False):
        if isinstance(key, ast.AnnAssign) and isinstance(key.target, ast.Name) and isinstance(below, ast.Expr):
            found[key.target.id] = " ".join(str(ast.literal_eval(below.value)).split())
    return found
