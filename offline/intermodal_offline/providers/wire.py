"""Convert between inputs and API parameters with a row's fields."""

from collections.abc import Collection, Mapping
from typing import Any

from intermodal_offline.providers.table import Field
from intermodal_offline.providers.values import Props


def to_api(fields: Mapping[str, Field], props: Props, removed: Collection[str] = ()) -> Props:
    """Return the API parameters for `props`, and for each removed property its blank value, if it has one."""
    parameters = {
        field.wire: _out(field, props[name])
        for name, field in fields.items()
        if field.wire and props.get(name) is not None
    }
    for name in removed:
        field = fields.get(name)
        if field and field.wire and field.blank is not None:
            parameters.setdefault(field.wire, field.blank)
    return parameters


def from_api(fields: Mapping[str, Field], answer: Mapping[str, Any]) -> Props:
    """Return the properties in an API response."""
    return {
        name: _in(field, answer[field.wire])
        for name, field in fields.items()
        if field.wire and answer.get(field.wire) is not None
    }


def _out(field: Field, value: Any) -> Any:
    if field.block is not None:
        return [to_api(field.block, item) for item in value] if field.many else to_api(field.block, value)
    if field.text is not None:
        return str(value).lower() if isinstance(value, bool) else str(value)
    return value


def _in(field: Field, value: Any) -> Any:
    if field.block is not None:
        return [from_api(field.block, item) for item in value] if field.many else from_api(field.block, value)
    if field.text is bool:
        return value == "true"
    return field.text(value) if field.text is not None else value
