"""Read the official provider's behaviour for each type from aws_resources.json, which cites its sources."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Autoname:
    """Rule for generating a name."""

    property: str
    longest: int
    separator: str
    digits: int
    lowercase: bool
    suffix_if: Mapping[str, str]
    """Name suffix, by the input that requires it."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The official provider's rules for a resource type."""

    replace_on: frozenset[str]
    autoname: Autoname | None
    defaults: Mapping[str, Any]
    """Defaults that are added to the inputs, except false, zero, and empty ones, which equal a missing value."""
    required: tuple[str, ...]
    computed: frozenset[str]
    """Inputs that AWS fills in if they are not set."""
    regional: bool
    deletes_first: bool
    """Whether a replacement deletes the old resource first when the user set the name."""
    json: frozenset[str]
    echoed: frozenset[str]
    """Inputs that the emulator accepts but does not return; the state keeps them, so they are not verified locally."""


@functools.cache
def data() -> dict[str, Any]:
    """Return the content of aws_resources.json."""
    loaded: dict[str, Any] = json.loads(Path(__file__).with_name("aws_resources.json").read_text(encoding="utf-8"))
    return loaded


@functools.cache
def of(token: str) -> Facts:
    """Return the official provider's rules for a type."""
    entry = data()[token]
    return Facts(
        replace_on=frozenset(entry["replace_on"]),
        autoname=_autoname(entry["autoname"]),
        defaults={name: value for name, value in entry["defaults"].items() if "." not in name and value},
        required=tuple(entry["required"]),
        computed=frozenset(entry["outputs"]["optional_computed"]),
        regional=entry["region_property"],
        deletes_first=entry.get("deletes_before_create", False),
        json=frozenset(entry["json_normalized"]),
        echoed=frozenset(entry["echoed"]),
    )


def _autoname(entry: dict[str, Any] | None) -> Autoname | None:
    if entry is None:
        return None
    return Autoname(
        property=entry["property"],
        longest=entry["max"],
        separator=entry["separator"],
        digits=entry["random_hex"],
        lowercase=entry.get("transform") == "lowercase",
        suffix_if=entry.get("suffix_if", {}),
    )


def echoed(token: str) -> frozenset[str]:
    """Return a type's inputs that the emulator does not return, or an empty set for an unknown type."""
    return of(token).echoed if token in data() else frozenset()
