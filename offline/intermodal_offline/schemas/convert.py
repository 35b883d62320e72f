"""Convert a Pulumi resource's inputs to the properties of its CloudFormation type.

Names match if their letters and digits are equal, in singular or plural. `names.json` lists all other names, each with
a reason.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

Schema = Mapping[str, Any]
PROVIDERS_OWN = frozenset({"region", "tagsAll", "__defaults", "namePrefix", "bucketPrefix"})
"""Inputs that the provider itself uses and does not send to an API."""


class UnmappedError(Exception):
    """An input has no CloudFormation property, and names.json does not explain why."""


@cache
def names() -> Mapping[str, Mapping[str, Any]]:
    """Return the rows in names.json by Pulumi type."""
    rows: dict[str, Any] = json.loads(Path(__file__).with_name("names.json").read_text(encoding="utf-8"))
    return {kind: row for kind, row in rows.items() if kind != "_meta"}


def properties(token: str, inputs: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """Return a resource's CloudFormation properties.

    `schema` is the resource schema for the row's type. With `inside`, the result is one item of that list property.

    Raises:
        UnmappedError: an input has no property, and names.json does not explain why.
    """
    row = names()[token]
    node = item_of(row["inside"], schema) if "inside" in row else schema
    own = {name: value for name, value in inputs.items() if name not in PROVIDERS_OWN and value is not None}
    return _object(_Place(token=token, row=row, root=schema, path=""), own, node)


def item_of(name: str, schema: Schema) -> Schema:
    """Return the schema for one item in a list property."""
    return _items(_resolve(schema["properties"][name], schema), schema)


class _Place:
    """Location of a value: its resource type and input path."""

    def __init__(self, *, token: str, row: Mapping[str, Any], root: Schema, path: str) -> None:
        self.token, self.row, self.root, self.path = token, row, root, path

    def down(self, name: str) -> "_Place":
        path = f"{self.path}.{name}" if self.path else name
        return _Place(token=self.token, row=self.row, root=self.root, path=path)


def _object(place: _Place, given: Mapping[str, Any], node: Schema) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in given.items():
        inner = place.down(name)
        if value is None or inner.path in place.row.get("left_out", {}):
            continue
        path = place.row.get("renamed", {}).get(inner.path) or same(name, node)
        if path is None:
            raise UnmappedError(
                f"{place.token}: {inner.path} is not a property of {place.row['type']}; map it in schemas/names.json"
            )
        found = _value(inner, value, _find(path.removeprefix("^"), node, place.root))
        if isinstance(found, dict):
            for beside in [key for key in found if key.startswith("^")]:
                _put(made, beside.removeprefix("^").split("."), found.pop(beside))
        _put(made, [path] if path.startswith("^") else path.split("."), found)
    return made


def same(name: str, node: Schema) -> str | None:
    """Return the property whose name matches except for case, punctuation, and plural form, or None."""
    plain = _plain(name)
    for candidate in node.get("properties", {}):
        if _plain(candidate) in {plain, f"{plain}s", plain.removesuffix("s")}:
            return str(candidate)
    return None


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _find(path: str, node: Schema, root: Schema) -> Schema:
    for part in path.split("."):
        node = _resolve(_resolve(node, root).get("properties", {}).get(part, {}), root)
    return node


def _resolve(node: Schema, root: Schema) -> Schema:
    while "$ref" in node:
        found: Any = root
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return _first_with_properties(node, root)


def _first_with_properties(node: Schema, root: Schema) -> Schema:
    """Return the first alternative with properties if a schema has alternatives, or else the schema."""
    for kind in ("oneOf", "anyOf"):
        if kind in node and "properties" not in node:
            for each in node[kind]:
                found = _resolve(each, root)
                if "properties" in found:
                    return found
    return node


def _items(node: Schema, root: Schema) -> Schema:
    return _resolve(node.get("items", {}), root)


def _types(node: Schema) -> set[str]:
    kind = node.get("type", [])
    return {kind} if isinstance(kind, str) else set(kind)


def _value(place: _Place, value: Any, node: Schema) -> Any:
    mapping = place.row.get("values", {}).get(place.path)
    if mapping is not None:
        return mapping.get(str(value).lower(), value)
    types = _types(node)
    if isinstance(value, str) and ((value[:1] == "{" and "object" in types) or (value[:1] == "[" and "array" in types)):
        return _json(place, json.loads(value), node)
    if isinstance(value, Mapping):
        return _mapping(place, value, node, types)
    if isinstance(value, list | tuple):
        return [_value(place, item, _items(node, place.root)) for item in value]
    if "array" in types:
        return [_value(place, value, _items(node, place.root))]
    return _scalar(value, types)


def _json(place: _Place, document: Any, node: Schema) -> Any:
    """Return a document that the provider accepts as a JSON string; a list is converted, an object is unchanged."""
    return _value(place, document, node) if isinstance(document, list) else document


def _mapping(place: _Place, value: Mapping[str, Any], node: Schema, types: set[str]) -> Any:
    if "array" in types:
        item = _items(node, place.root)
        fields = set(item.get("properties", {}))
        if {"Key", "Value"} <= fields or {"Name", "Value"} <= fields:
            key = "Key" if "Key" in fields else "Name"
            return [{key: name, "Value": text} for name, text in value.items()]
        return [_object(place, value, item)]
    if "properties" in node:
        return _object(place, value, node)
    return dict(value)


def _scalar(value: Any, types: set[str]) -> Any:
    """Return a value in the schema's type; the engine and provider pass some numbers and booleans as strings."""
    if isinstance(value, str) and "string" not in types:
        return _read(value, types)
    if isinstance(value, float) and value.is_integer() and "integer" in types:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and types == {"string"}:
        return str(value)
    return value


def _read(text: str, types: set[str]) -> Any:
    if "boolean" in types and text in {"true", "false"}:
        return text == "true"
    if types & {"integer", "number"}:
        return float(text) if "." in text else int(text)
    return text


def _put(made: dict[str, Any], path: list[str], value: Any) -> None:
    for part in path[:-1]:
        made = made.setdefault(part, {})
    if isinstance(value, dict) and isinstance(made.get(path[-1]), dict):
        made[path[-1]] |= value
    else:
        made[path[-1]] = value
