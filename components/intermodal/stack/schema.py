"""Generate the JSON schema for stack files, which editors use, from the arguments' TypedDicts."""

from collections.abc import Collection, Mapping
from enum import Enum
from typing import Any, get_args, get_origin, is_typeddict

from intermodal.definition.args import ContainerFunctionArgs
from intermodal.problems.shapes import read_docstrings, to_camel, type_of
from intermodal.problems.validation import required_keys
from intermodal.stack.file import DECLARATION_KEYS, KEYS, NAMESPACE, PLACEMENT_KEYS, SHORTHANDS

PRIMITIVES = {str: "string", int: "integer", float: "number", bool: "boolean"}


def build_schema() -> Mapping[str, Any]:
    """Return the schema for the namespace's keys; Pulumi validates the keys in other namespaces."""
    definitions: dict[str, Any] = {}
    placement = _block(definitions, "Placement", ContainerFunctionArgs, PLACEMENT_KEYS, optional=True)
    function = _block(definitions, "Function", ContainerFunctionArgs, DECLARATION_KEYS)
    values = (_by_name(placement), _by_name(function), {"type": "boolean", "default": False})
    known = "|".join(KEYS)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Stack file of a Pulumi project that uses intermodal",
        "type": "object",
        "properties": {
            "config": {
                "type": ["object", "null"],
                "properties": {f"{NAMESPACE}:{key}": value for key, value in zip(KEYS, values, strict=True)},
                "patternProperties": {f"^{NAMESPACE}:(?!({known})$)": False},
            }
        },
        "$defs": dict(sorted(definitions.items())),
    }


def _by_name(value: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"type": "object", "additionalProperties": value, "default": {}}


def _block(
    definitions: dict[str, Any], name: str, shape: Any, keys: Collection[str], *, optional: bool = False
) -> Mapping[str, Any]:
    """Add a definition if it does not exist yet, and return a reference to it."""
    reference = {"$ref": f"#/$defs/{name}"}
    if name in definitions:
        return reference
    definitions[name] = {}  # add it before its keys, which may refer to it
    texts = read_docstrings(shape)
    properties = {
        to_camel(key): {**_value(definitions, type_of(hint)), **({"description": texts[key]} if key in texts else {})}
        for key, hint in shape.__annotations__.items()
        if key in keys
    }
    required = (
        []
        if optional
        else [to_camel(key) for key in shape.__annotations__ if key in keys and key in required_keys(shape)]
    )
    definitions[name] = {
        "type": "object",
        "description": " ".join((shape.__doc__ or "").split()),
        "properties": properties,
        "additionalProperties": False,
        **({"required": required} if required else {}),
    }
    return reference


def _value(definitions: dict[str, Any], kind: Any) -> Mapping[str, Any]:
    if is_typeddict(kind):
        return _shorthand(definitions, kind)
    if get_origin(kind) is list:
        return {"type": "array", "items": _value(definitions, type_of(get_args(kind)[0]))}
    if get_origin(kind) is dict:
        return {"type": "object", "additionalProperties": _value(definitions, type_of(get_args(kind)[1]))}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"type": "string", "enum": [member.value for member in kind]}
    return {"type": PRIMITIVES[kind]} if kind in PRIMITIVES else {}


def _shorthand(definitions: dict[str, Any], shape: Any) -> Mapping[str, Any]:
    block = _block(definitions, shape.__name__.removesuffix("Args"), shape, shape.__annotations__.keys())
    if shape not in SHORTHANDS:
        return block
    plain = _value(definitions, type_of(shape.__annotations__[SHORTHANDS[shape]]))
    return {"anyOf": [plain, block]}
