"""Compare values, detect changes in inputs, and compute inputs after a refresh."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from intermodal_offline.providers.table import Field
from intermodal_offline.providers.values import UNKNOWN, Props, has_unknown

PLAIN = Field()


@dataclass(frozen=True)
class Change:
    """Difference between old and new inputs."""

    path: str
    """Property path, including list indices of blocks."""
    kind: str
    """ADD, DELETE or UPDATE."""
    replace: bool

    @property
    def property(self) -> str:
        """Top-level property in the path."""
        return self.path.partition(".")[0].partition("[")[0]


def document(value: Any) -> Any:
    """Return the parsed value of a JSON string, or any other value unchanged."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def compact(value: Any) -> Any:
    """Return a JSON string with sorted keys and no spaces, or any other value unchanged."""
    loaded = document(value)
    return value if loaded is value else json.dumps(loaded, separators=(",", ":"), sort_keys=True)


def policy(value: Any) -> Any:
    """Return an IAM policy in canonical form, with sorted string lists and with single-element lists unwrapped."""
    loaded = document(value)
    match loaded:
        case dict():
            return {name: policy(item) if not isinstance(item, str) else item for name, item in loaded.items()}
        case [str(only)]:
            return only
        case list() if all(isinstance(item, str) for item in loaded):
            return sorted(loaded)
        case list():
            return [policy(item) for item in loaded]
    return loaded


def unordered(value: Any) -> Any:
    """Return a list of strings that represents a set as a sorted list, or any other value unchanged."""
    return sorted(value) if isinstance(value, list) and all(isinstance(item, str) for item in value) else value


def absent(value: Any) -> bool:
    """Return whether a value is empty; false and zero are not empty."""
    if isinstance(value, dict):
        return all(absent(item) for item in value.values())
    return value is None or value in ("", [])


def meaning(field: Field, value: Any) -> Any:
    """Return a value's canonical form for comparisons; empty values, false, and zero count as not set."""
    if value is None or value is False or value in ("", 0, [], {}):
        return None
    if value == UNKNOWN:
        return value
    if field.block is not None:
        if field.many and isinstance(value, list):
            return [_block_meaning(field.block, item) for item in value]
        return _block_meaning(field.block, value) or None
    return field.normal(value) if field.normal else value


def _block_meaning(block: Mapping[str, Field], value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    meanings = {name: meaning(block.get(name, PLAIN), item) for name, item in value.items()}
    return {name: item for name, item in meanings.items() if item is not None}


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Rules for comparing a type's inputs."""

    fields: Mapping[str, Field]
    replace_on: Collection[str] = ()
    """Property paths without list indices."""
    computed: Collection[str] = ()
    """Top-level inputs that AWS fills in."""

    def changes(self, olds: Props, news: Props) -> list[Change]:
        """Return the differences between old and new inputs, sorted by property."""
        return [
            change
            for name in sorted(olds.keys() | news.keys())
            if not name.startswith("__")
            for change in self._changes(
                self._field(name), name, name, (olds.get(name), news.get(name))
            )
        ]  # fmt: skip

    def _field(self, name: str) -> Field:
        return self.fields.get(name, PLAIN)

    def _changes(self, field: Field, path: str, plain: str, pair: tuple[Any, Any]) -> Iterator[Change]:
        old, new = pair
        before, after = meaning(field, old), meaning(field, new)
        if field.stored and old == field.stored(new):
            before = after
        computed = field.computed or plain in self.computed
        # An explicit false is a value that the user set, so AWS must not fill in another one.
        explicit = computed and absent(old) and not absent(new)
        if before == after and not has_unknown(new) and not explicit:
            return
        if after is None and absent(new) and computed:
            return
        blocks = _blocks(field, old, new)
        if blocks is None:
            kind = "ADD" if before is None else "DELETE" if after is None else "UPDATE"
            yield Change(path, kind, plain in self.replace_on)
            return
        for mark, a, b in blocks:
            for name in sorted(a.keys() | b.keys()):
                inner = (field.block or {}).get(name, PLAIN)
                yield from self._changes(inner, f"{path}{mark}.{name}", f"{plain}.{name}", (a.get(name), b.get(name)))


def _blocks(field: Field, old: Any, new: Any) -> list[tuple[str, Props, Props]] | None:
    """Return the pairs of blocks to compare, or None if the property must be compared as a whole."""
    if field.block is None:
        return None
    if not field.many:
        return [("", old, new)] if isinstance(old, dict) and isinstance(new, dict) else None
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [(f"[{i}]", a, b) for i, (a, b) in enumerate(zip(old, new, strict=True))]
    return None


def refresh(fields: Mapping[str, Field], given: Props, live: Props, computed: Collection[str] = ()) -> Props:
    """Return the inputs after a refresh: unchanged values as the user wrote them, changed ones from the live state.

    The result includes live values that neither the user nor AWS set by default, so the next update removes them.
    """
    result = {name: value for name, value in given.items() if name not in fields}
    for name, field in fields.items():
        value = given.get(name)
        if not field.local:
            filled = field.computed or name in computed
            value = _seen(field, value, live.get(name), filled=filled)
        if value is not None:
            result[name] = value
    return result


def _seen(field: Field, given: Any, live: Any, *, filled: bool) -> Any:
    expected = field.stored(given) if field.stored else given
    if meaning(field, expected) == meaning(field, live):
        return given
    if given is None:
        return None if filled else trim(field, live)
    blocks = _blocks(field, given, live)
    if blocks is None:
        return trim(field, live)
    merged = [refresh(field.block or {}, a, b) for _, a, b in blocks]
    return merged if field.many else merged[0]


def trim(field: Field, live: Any) -> Any:
    """Return a live value as a user would write it, without empty fields in blocks."""
    if live is None or live in ("", [], {}):
        return None
    if field.block is None:
        return live
    if field.many:
        return [_trim_block(field.block, item) for item in live]
    return _trim_block(field.block, live) or None


def _trim_block(block: Mapping[str, Field], live: Props) -> Props:
    values = {name: trim(block.get(name, PLAIN), value) for name, value in live.items()}
    return {name: value for name, value in values.items() if value not in (None, False, 0)}
