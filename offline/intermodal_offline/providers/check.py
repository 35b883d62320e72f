"""Check inputs: add defaults and a name, and reject inputs that the provider does not support."""

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from intermodal_offline.providers import naming
from intermodal_offline.providers.facts import Facts
from intermodal_offline.providers.naming import DEFAULTS, Naming, NoNameError
from intermodal_offline.providers.table import Field, Row
from intermodal_offline.providers.values import UNKNOWN, Props, has_unknown, known
from intermodal_offline.schemas import cloudformation

Failure = tuple[str, str]
"""Invalid property and the reason."""


def check_inputs(
    token: str, row: Row, facts: Facts, given: tuple[Props, Props], named: Naming, default_tags: Mapping[str, str]
) -> tuple[Props, list[Failure]]:
    """Return the inputs for Diff and Create and all failures; `given` contains the new and the old inputs."""
    news, olds = given
    news = {name: value for name, value in news.items() if name not in {DEFAULTS, "tagsAll"}}
    failures = list(_unlisted(token, allowed(row, facts), news))
    filled = {name: value for name, value in facts.defaults.items() if name in row.inputs and name not in news}
    inputs = {**news, **filled}
    automatic = set(filled)
    rule = facts.autoname
    if rule and rule.property in row.inputs and rule.property not in inputs:
        try:
            inputs[rule.property] = naming.name(rule, inputs, olds, named)
            automatic.add(rule.property)
        except NoNameError as reason:
            failures.append((rule.property, f"{reason}."))
    failures += [(name, f"{name} is required for {token}; set it.") for name in facts.required if name not in inputs]
    if not failures:
        own = {name: value for name, value in inputs.items() if name not in filled}  # a default may mean "not set"
        failures += [*row.rules(inputs), *cloudformation.failures(token, known(own))]
    if row.tagging:
        inputs["tagsAll"] = all_tags(inputs.get("tags", {}), default_tags)
    return {**inputs, DEFAULTS: sorted(automatic)}, failures


def all_tags(tags: Any, default_tags: Mapping[str, str]) -> Any:
    """Return the provider's default tags, overridden by the resource's tags."""
    return UNKNOWN if has_unknown(tags) else {**default_tags, **tags}


def allowed(row: Row, facts: Facts) -> dict[str, Field]:
    """Return every supported input of a type."""
    common = {"tags": row.tagging is not None, "region": facts.regional}
    return {**row.inputs, **{name: Field() for name, applies in common.items() if applies}}


def _unlisted(token: str, fields: Mapping[str, Field], given: Props, path: str = "") -> Iterator[Failure]:
    """Yield a failure for each input, at any depth, that is not supported."""
    for name, value in given.items():
        field = fields.get(name)
        if field is None:
            yield path + name, _advice(token, path + name, name, fields)
        elif field.block is not None:
            for mark, block in _inner(field, value):
                yield from _unlisted(token, field.block, block, f"{path}{name}{mark}.")


def _inner(field: Field, value: Any) -> list[tuple[str, Props]]:
    if isinstance(value, dict):
        return [("", value)]
    items = value if field.many and isinstance(value, list) else []
    return [(f"[{i}]", item) for i, item in enumerate(items) if isinstance(item, dict)]


def _advice(token: str, path: str, name: str, fields: Mapping[str, Field]) -> str:
    near = max(fields, key=lambda field: difflib.SequenceMatcher(None, name.lower(), field.lower()).ratio())
    return (
        f"property {path!r} of {token} is not supported by the offline provider (closest match: {near!r}); "
        "remove it from the local stack, use the official aws plugin, or add it to intermodal_offline/providers/aws."
    )
