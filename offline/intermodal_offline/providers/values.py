"""Convert between the protocol's protobuf structs and plain Python values."""

import json
from typing import Any

from google.protobuf import struct_pb2

Props = dict[str, Any]

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""The engine's placeholder for an unknown value."""

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the protocol's tag for secrets, not a secret


def plain(value: struct_pb2.Value) -> Any:
    """Return a protobuf value as a Python value; whole numbers become ints, and secrets are unwrapped."""
    match value.WhichOneof("kind"):
        case "struct_value":
            return unwrap(read(value.struct_value))
        case "list_value":
            return [plain(item) for item in value.list_value.values]
        case "number_value":
            return int(value.number_value) if value.number_value.is_integer() else value.number_value
        case "string_value":
            return value.string_value
        case "bool_value":
            return value.bool_value
    return None


def unwrap(value: Props) -> Any:
    """Return the value in a secret object, or any other object unchanged."""
    return value.get("value") if value.get(SIGNATURE) == SECRET else value


def read(struct: struct_pb2.Struct) -> Props:
    """Return a protobuf struct as a dict without nulls, which the engine sends for properties that are not set."""
    items = ((name, plain(value)) for name, value in struct.fields.items())
    return {name: value for name, value in items if value is not None}


def write(props: Props) -> struct_pb2.Struct:
    """Return a dict as a protobuf struct without nulls."""
    struct = struct_pb2.Struct()
    struct.update({name: value for name, value in props.items() if value is not None})
    return struct


def known(inputs: Props) -> Props:
    """Return the inputs that contain no unknown values."""
    return {name: value for name, value in inputs.items() if not has_unknown(value)}


def has_unknown(value: Any) -> bool:
    """Return whether a value is or contains an unknown value."""
    match value:
        case dict():
            return any(has_unknown(item) for item in value.values())
        case list():
            return any(has_unknown(item) for item in value)
    return bool(value == UNKNOWN)


def parse(value: Any) -> Any:
    """Parse a provider configuration value; the engine sends all values except strings as JSON."""
    if not isinstance(value, str):
        return value
    try:
        loaded = json.loads(value)
    except ValueError:
        return value
    return _bare(loaded)


def _bare(value: Any) -> Any:
    """Return a value with all nested secrets unwrapped."""
    match value:
        case dict():
            inner = unwrap(value)
            return _bare(inner) if inner is not value else {name: _bare(item) for name, item in value.items()}
        case list():
            return [_bare(item) for item in value]
    return value
