"""Validate properties against the CloudFormation resource schemas in cfn-lint.

The schemas are extracted to the cache once per cfn-lint version, because importing cfn-lint takes a second or two.
That would delay every start of a provider plugin.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from intermodal_offline.schemas import convert
from intermodal_offline.schemas.convert import Schema
from local.cache import build_once

REGION = "eu-central-1"
ANY_KEY = ".*"
"""Replacement for a key pattern that Python cannot compile."""

TEXTS = frozenset({"description", "title", "$comment", "examples"})
FILE = "schemas.json"
FORM = "3"
"""Version of the extracted format; when it changes, the schemas are extracted again."""

Failure = tuple[str, str]
"""Invalid property and the reason."""


@cache
def schemas() -> Mapping[str, Schema]:
    """Return the resource schemas for all types in names.json, by CloudFormation type."""
    types = hashlib.sha256(" ".join([*_types(), FORM]).encode()).hexdigest()[:8]
    folder = build_once(f"schemas/cfn-lint-{version('cfn-lint')}-{types}", _extract)
    loaded: dict[str, Schema] = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return loaded


def schema_of(token: str) -> Schema:
    """Return the CloudFormation resource schema for a Pulumi type."""
    return schemas()[convert.names()[token]["type"]]


def failures(token: str, inputs: Mapping[str, Any]) -> list[Failure]:
    """Return the schema violations in known inputs, except missing properties, which the caller must check.

    For a type that is not in names.json, the result is empty.
    """
    if token not in convert.names():
        return []
    found = convert.properties(token, inputs, schema_of(token))
    return [(_path(error), error.message) for error in _validator(token).iter_errors(found) if _is_relevant(error)]


def _types() -> list[str]:
    return sorted({row["type"] for row in convert.names().values()})


def _extract(folder: Path) -> None:
    from cfnlint.schema import PROVIDER_SCHEMA_MANAGER  # noqa: PLC0415 - importing it takes a second or two

    found = {kind: _bare(PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, kind).schema) for kind in _types()}
    (folder / FILE).write_text(json.dumps(found), encoding="utf-8")


def _bare(node: Any) -> Any:
    """Drop descriptions and patterns that Python cannot compile; keep properties with the same names as these keys."""
    if isinstance(node, Mapping):
        return {
            key if _compiles(key) else ANY_KEY: _bare(value)
            for key, value in node.items()
            if not isinstance(value, str) or not (key in TEXTS or (key == "pattern" and not _compiles(value)))
        }
    return [_bare(item) for item in node] if isinstance(node, list) else node


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


@cache
def _validator(token: str) -> Any:
    from jsonschema import Draft7Validator  # noqa: PLC0415 - needed only when a deployment is validated

    row, schema = convert.names()[token], schema_of(token)
    if "inside" in row:
        item = convert.item_of(row["inside"], schema)
        schema = {**item, "definitions": schema.get("definitions", {})}
    return Draft7Validator(schema)


def _is_relevant(error: Any) -> bool:
    return error.validator not in {"required", "dependentRequired"}


def _path(error: Any) -> str:
    return ".".join(str(part) for part in error.absolute_path) or "the resource"
