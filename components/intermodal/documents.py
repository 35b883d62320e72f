"""Render policies and patterns as JSON."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from pulumi import Input, Output

from intermodal.problems.errors import DefinitionError, Problem

T = TypeVar("T")
Lint = Callable[[Mapping[str, Any]], list[Problem]]


def json_text(document: Mapping[str, Any]) -> Input[str]:
    """Render `document` as canonical JSON once its Outputs are known."""
    return apply_known(document, canonical_json)


def canonical_json(document: Any) -> str:
    """Serialize a document as JSON with sorted keys and no spaces.

    The AWS provider normalizes JSON to this format. SQS returns redrive policies without spaces, and the provider
    compares them as strings.
    """
    return json.dumps(document, separators=(",", ":"), sort_keys=True)


def render_policy(document: Mapping[str, Any], display_name: str, lint: Lint) -> Input[str]:
    """Render a policy as JSON once its Outputs are known and `lint` finds no problems.

    Raises:
        DefinitionError: `lint` finds a problem. If the policy contains an Output, the error is raised in an apply.
    """

    def text(known: Mapping[str, Any]) -> str:
        if problems := lint(known):
            raise DefinitionError(display_name, problems)
        return canonical_json(known)

    return apply_known(document, text)


def apply_known(document: Mapping[str, Any], finish: Callable[[Any], T]) -> Input[T]:
    """Apply `finish` to a document once its Outputs are known.

    `Output.from_input` would create an Output for every nested list and mapping: 20 for a single policy.
    """
    outputs = list(find_outputs(document))
    if not outputs:
        return finish(document)
    return Output.all(*outputs).apply(lambda known: finish(_fill(document, iter(known))))


def find_outputs(value: object) -> Iterator[Output[Any]]:
    """Yield every Output in a document, in order."""
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
