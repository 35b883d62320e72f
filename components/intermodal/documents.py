"""Policies and patterns as JSON text."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from pulumi import Input, Output

from intermodal.problems.errors import DefinitionError, Problem

T = TypeVar("T")
Lint = Callable[[Mapping[str, Any]], list[Problem]]


def json_text(document: Mapping[str, Any]) -> Input[str]:
    """Return `document` as canonical JSON, as soon as the outputs in it are known."""
    return apply_known(document, canonical_json)


def canonical_json(document: Any) -> str:
    """Write JSON with sorted keys and no spaces.

    The AWS provider normalizes JSON to this form. SQS returns a redrive policy without spaces, and the provider
    compares that text and not its meaning.
    """
    return json.dumps(document, separators=(",", ":"), sort_keys=True)


def render_policy(document: Mapping[str, Any], subject: str, lint: Lint) -> Input[str]:
    """A policy as JSON, as soon as it is known and `lint` found nothing wrong with it.

    Raises:
        DefinitionError: it did; at once, where all of the policy is known.
    """

    def text(known: Mapping[str, Any]) -> str:
        if problems := lint(known):
            raise DefinitionError(subject, problems)
        return canonical_json(known)

    return apply_known(document, text)


def apply_known(document: Mapping[str, Any], finish: Callable[[Any], T]) -> Input[T]:
    """What `finish` makes of a document, as soon as the outputs in it are known.

    `Output.from_input` makes an output of every list and mapping on the way; of a policy that is twenty for one text.
    """
    outputs = list(find_outputs(document))
    if not outputs:
        return finish(document)
    return Output.all(*outputs).apply(lambda known: finish(_fill(document, iter(known))))


def find_outputs(value: object) -> Iterator[Output[Any]]:
    """Every output in a document, in the order in which it stands there."""
    if isinstance(value, Output):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from find_outputs(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from find_outputs(inner)


def _fill(value: object, known: Iterator[Any]) -> object:
    if isinstance(value, Output):
        return next(known)
    if isinstance(value, Mapping):
        return {key: _fill(inner, known) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_fill(inner, known) for inner in value]
    return value
