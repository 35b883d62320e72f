"""Policies and patterns as JSON text."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pulumi import Input, Output


def json_text(document: Mapping[str, Any]) -> Input[str]:
    """`document` as JSON, as soon as the outputs in it are known.

    `Output.json_dumps` makes an output of every list and mapping on the way; of a policy that is twenty for one text.
    """
    outputs = list(_outputs(document))
    if not outputs:
        return json.dumps(document)

    def text(known: list[Any]) -> str:
        values = iter(known)
        return json.dumps(_filled(document, values))

    return Output.all(*outputs).apply(text)


def _outputs(value: object) -> Iterator[Output[Any]]:
    if isinstance(value, Output):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _outputs(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _outputs(inner)


def _filled(value: object, known: Iterator[Any]) -> object:
    if isinstance(value, Output):
        return next(known)
    if isinstance(value, Mapping):
        return {key: _filled(inner, known) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(inner, known) for inner in value]
    return value
