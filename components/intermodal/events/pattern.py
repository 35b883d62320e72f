"""Validate EventBridge event patterns before deployment, so that PutRule does not reject them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pulumi import Output

from intermodal.problems.errors import Problem, join_path, unknown_choice

LONGEST = 2048
"""Maximum pattern length in characters (EventBridge user guide, quotas: event pattern size)."""

NESTED = ("prefix", "suffix", "equals-ignore-case", "wildcard")
"""Operators that `anything-but` accepts instead of values (EventBridge user guide, Comparison operators)."""

OPERATORS = ("prefix", "suffix", "equals-ignore-case", "wildcard", "anything-but", "numeric", "exists", "cidr")
COMPARISONS = ("=", "<", "<=", ">", ">=")
Problems = Iterator[Problem]


def find_problems(path: str, pattern: Mapping[str, Any]) -> Problems:
    """Yield the problems in a pattern; skip Outputs, whose values are not known yet."""
    if not pattern:
        yield Problem(path=path, text="must have at least one field, got {}; it would match every event")
    yield from _check_fields(path, pattern)


def check_length(path: str, text: str) -> Problem | None:
    """Return a problem if a pattern is longer than EventBridge allows."""
    if len(text) <= LONGEST:
        return None
    return Problem(
        path=path,
        text=(
            f"must be at most {LONGEST} characters as JSON, got {len(text)}; match fewer values, or use several sources"
        ),
    )


def render(pattern: Mapping[str, Any]) -> str:
    """Render a known pattern as compact JSON."""
    return json.dumps(pattern, separators=(",", ":"))


def _check_fields(path: str, pattern: Mapping[str, Any]) -> Problems:
    for name, value in pattern.items():
        here = join_path(path, name)
        if name == "$or":
            yield from _check_or(here, value)
        elif isinstance(value, Mapping):
            yield from _check_fields(here, value)
        elif isinstance(value, list) and value:
            for index, item in enumerate(value):
                yield from _check_item(f"{here}[{index}]", item)
        elif not isinstance(value, Output):
            yield Problem(path=here, text=f"must be a list of values or a block, got {value!r}; enclose it in [ ]")


def _check_or(path: str, value: Any) -> Problems:
    if not isinstance(value, list) or len(value) < 2 or not all(isinstance(item, Mapping) for item in value):
        yield Problem(path=path, text=f"must be a list of two or more patterns, got {value!r}")
        return
    for index, item in enumerate(value):
        yield from _check_fields(f"{path}[{index}]", item)


def _check_item(path: str, item: Any) -> Problems:
    if not isinstance(item, Mapping):
        if isinstance(item, list):
            yield Problem(
                path=path, text=(f"must be a value or an operator, got the list {item!r}; remove the inner [ ]")
            )
        return
    if len(item) != 1:
        yield Problem(path=path, text=f"must have one operator, got {len(item)}; use a separate block for each")
        return
    ((operator, operand),) = item.items()
    if operator not in OPERATORS:
        yield unknown_choice(path, operator, OPERATORS)
    elif not isinstance(operand, Output):
        yield from _check_operand(join_path(path, operator), operator, operand)


def _check_operand(path: str, operator: str, operand: Any) -> Problems:
    match operator:
        case "exists":
            good, must = isinstance(operand, bool), "true or false"
        case "numeric":
            good, must = _is_numeric(operand), 'comparisons and numbers, such as [">", 0, "<=", 5]'
        case "prefix" | "suffix":
            good = _is_text(operand) or _is_nested(operand, ("equals-ignore-case",))
            must = 'text, or {"equals-ignore-case": text}'
        case "anything-but":
            good = _are_values(operand) or _is_nested(operand, NESTED)
            must = f"a value, a list of values, or one of {', '.join(NESTED)}"
        case _:
            good, must = _is_text(operand), "text"
    if not good:
        yield Problem(path=path, text=f"must be {must}, got {operand!r}")


def _is_text(value: Any) -> bool:
    return isinstance(value, Output) or (isinstance(value, str) and bool(value))


def _are_values(value: Any) -> bool:
    items = value if isinstance(value, list) else [value]
    return bool(items) and all(isinstance(item, str | int | float | Output) for item in items)


def _is_nested(value: Any, allowed: tuple[str, ...]) -> bool:
    if not isinstance(value, Mapping) or len(value) != 1:
        return False
    ((name, inner),) = value.items()
    return name in allowed and _are_values(inner)


def _is_numeric(operand: Any) -> bool:
    if not isinstance(operand, list) or len(operand) not in {2, 4}:
        return False
    words, numbers = operand[::2], operand[1::2]
    return all(word in COMPARISONS for word in words) and all(
        isinstance(number, int | float | Output) and not isinstance(number, bool) for number in numbers
    )
