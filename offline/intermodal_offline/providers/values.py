"""Values of the provider protocol: protobuf structs on one side, plain Python on the other."""

import json
from typing import Any

from google.protobuf import struct_pb2

Props = dict[str, Any]

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine sends for a value that is known only after an apply."""

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the protocol's tag of a secret, not one


def plain(value: struct_pb2.Value) -> Any:
    """A protobuf value as Python; whole numbers become ints, secrets lose their wrapping."""
    match value.WhichOneof("kind"):
        case "struct_value":
            return unwrapped(read(value.struct_value))
        case "list_value":
            return [plain(item) for item in value.list_value.values]
        case "number_value":
            return int(value.number_value) if value.number_value.is_integer() else value.number_value
        case "string_value":
            return value.string_value
        case "bool_value":
            return value.bool_value
    return None


def unwrapped(value: Props) -> Any:
    """The value inside a secret object, anything else as it is."""
    return value.get("value") if value.get(SIGNATURE) == SECRET else value


def read(struct: struct_pb2.Struct) -> Props:
    """A protobuf struct as a dict without nulls: to the engine, a null is a property that was not given."""
    items = ((name, plain(value)) for name, value in struct.fields.items())
    return {name: value for name, value in items if value is not None}


def write(props: Props) -> struct_pb2.Struct:
    """A dict as a protobuf struct, without nulls."""
    struct = struct_pb2.Struct()
    struct.update({name: value for name, value in props.items() if value is not None})
    return struct


def known(inputs: Props) -> Props:
    """Return the inputs without those in which something is known only after an apply."""
    return {name: value for name, value in inputs.items() if not has_unknown(value)}


def has_unknown(value: Any) -> bool:
    """Whether anything inside is known only after an apply."""
    match value:
        case dict():
            return any(has_unknown(item) for item in value.values())
        case list():
            return any(has_unknown(item) for item in value)
    return bool(value == UNKNOWN)


def parsed(value: Any) -> Any:
    """A value of the provider configuration: the engine sends all but text as JSON text."""
    if not isinstance(value, str):
        return value
    try:
        loaded = json.loads(value)
    except ValueError:
        return value
    return _bare(loaded)


def _bare(value: Any) -> Any:
    """The value without secret wrappings."""
    match value:
        case dict():
            inner = unwrapped(value)
            return _bare(inner) if inner is not value else {name: _bare(item) for name, item in value.items()}
        case list():
            return [_bare(item) for item in value]
    return value
