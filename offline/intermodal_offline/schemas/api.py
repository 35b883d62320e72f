"""Enforce the constraints on API parameters in botocore's service models.

botocore checks only types and minimums. It leaves lengths, enums, patterns, and maximums to the service. An emulator
that does not check them accepts calls that AWS rejects.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import ParamValidationError

Failure = tuple[str, str]
"""Invalid parameter and the reason."""


def refuse_invalid(client: Any) -> None:
    """Make a boto client reject calls whose parameters violate its service model.

    Raises (when the client is called):
        ParamValidationError: a parameter is invalid; the message lists every invalid parameter with its constraint.
    """
    client.meta.events.register("before-parameter-build.*.*", _reject)


def failures(shape: Any, value: Any, path: str = "") -> Iterator[Failure]:
    """Yield each violation of a botocore shape by a parameter's value."""
    if shape.type_name == "structure" and isinstance(value, Mapping):
        for name, inner in value.items():
            if name in shape.members:
                yield from failures(shape.members[name], inner, f"{path}.{name}" if path else name)
    elif shape.type_name == "list" and isinstance(value, list | tuple):
        yield from _length(shape, len(value), path, "items")
        for index, item in enumerate(value):
            yield from failures(shape.member, item, f"{path}[{index}]")
    elif shape.type_name == "map" and isinstance(value, Mapping):
        for key, inner in value.items():
            yield from failures(shape.key, key, f"{path}.{key}")
            yield from failures(shape.value, inner, f"{path}.{key}")
    elif shape.type_name == "string" and isinstance(value, str):
        yield from _text(shape, value, path)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _length(shape, value, path, "")


def _text(shape: Any, value: str, path: str) -> Iterator[Failure]:
    yield from _length(shape, len(value), path, "characters")
    if shape.enum and value not in shape.enum:
        yield path, f"must be one of {', '.join(shape.enum)}, got {value!r}"
    pattern = shape.metadata.get("pattern")
    if pattern and not _matches(pattern, value):
        yield path, f"must match {pattern}, got {value!r}"


def _length(shape: Any, size: float, path: str, unit: str) -> Iterator[Failure]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        yield path, f"must have at least {least} {unit}".strip() + f", got {size}"
    if most is not None and size > most:
        yield path, f"must have at most {most} {unit}".strip() + f", got {size}"


def _matches(pattern: str, value: str) -> bool:
    """Return whether the whole value matches; a pattern that Python cannot compile matches everything."""
    try:
        return re.fullmatch(pattern, value, re.DOTALL) is not None
    except re.error:
        return True


def _reject(params: Mapping[str, Any], model: Any, **_: Any) -> None:
    found = list(failures(model.input_shape, params)) if model.input_shape else []
    if found:
        report = "\n".join(f"{path} {reason}" for path, reason in found)
        raise ParamValidationError(report=f"{model.name}: {report}")
