"""Read the `intermodal:` settings of a stack file, from the engine or from YAML."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from intermodal.definition.args import ContainerFunctionArgs, ImageArgs, PlacementArgs
from intermodal.identity.args import TrustArgs
from intermodal.problems.errors import Problem, StackFileError, join_path, suggest
from intermodal.problems.shapes import Reader, Shorthands
from intermodal.problems.validation import Validator

NAMESPACE = "intermodal"
DISPLAY_NAME = "The stack file"
SECURE = "secure"

SHORTHANDS: Shorthands = {ImageArgs: "uri", TrustArgs: "service"}

PLACEMENT_KEYS = tuple(key for key in PlacementArgs.__annotations__ if key != "protect")
"""Definition keys that a placement can override."""

PROGRAM_KEYS = ("platform", "protect", "placement")
"""Keys that can be set only in a program or for the whole stack."""

DECLARATION_KEYS = tuple(key for key in ContainerFunctionArgs.__annotations__ if key not in PROGRAM_KEYS)
"""Keys of a function definition in a stack file."""

KEYS = ("placement", "functions", "protect")

Arguments = Mapping[str, Any]
"""Arguments of a function, with the snake-case keys that programs use."""


@dataclass(frozen=True, kw_only=True)
class StackFile:
    """The validated `intermodal:` settings of a stack file."""

    placement: Mapping[str, Arguments] = field(default_factory=dict)
    """Overrides by function."""
    functions: Mapping[str, Arguments] = field(default_factory=dict)
    """Definitions by function."""
    protect: bool = False


def parse_namespace(config: Mapping[str, str]) -> dict[str, Any]:
    """Return the namespace's keys with parsed values; the engine passes objects as JSON."""
    prefix = f"{NAMESPACE}:"
    return {key.removeprefix(prefix): _parse_value(value) for key, value in config.items() if key.startswith(prefix)}


def read_stack_file(
    values: Mapping[str, Any], functions: Collection[str] | None, *, display_name: str = DISPLAY_NAME
) -> StackFile:
    """Validate the namespace's values; `functions` are the program's functions, or None if they are unknown.

    Raises:
        StackFileError: A key is unknown or has the wrong type; the error lists all problems.
    """
    validator = Validator(display_name)
    secrets = list(_refuse_secrets(values))
    validator.extend(secrets)
    file = _read_fields(validator, values, {problem.path for problem in secrets})
    if functions is not None:
        validator.extend(_unknown_functions(values, functions))
    if validator.problems:
        raise StackFileError(display_name, validator.problems)
    return file


def _read_fields(validator: Validator, values: Mapping[str, Any], secrets: Collection[str]) -> StackFile:
    reader = Reader(validator, SHORTHANDS, skip=secrets)
    prefixed = {f"{NAMESPACE}:{key}": value for key, value in values.items()}
    given = validator.keys("", prefixed, [f"{NAMESPACE}:{key}" for key in KEYS], [])
    placements, functions, protect = (f"{NAMESPACE}:{key}" for key in KEYS)
    return StackFile(
        placement={
            name: reader.fields(
                join_path(placements, name), fields, ContainerFunctionArgs, keys=PLACEMENT_KEYS, optional=True
            )
            for name, fields in validator.mapping(placements, given.get(placements, {})).items()
        },
        functions={
            name: reader.fields(join_path(functions, name), fields, ContainerFunctionArgs, keys=DECLARATION_KEYS)
            for name, fields in validator.mapping(functions, given.get(functions, {})).items()
        },
        protect=validator.boolean(protect, given.get(protect, False)),
    )


def _unknown_functions(values: Mapping[str, Any], functions: Collection[str]) -> Iterator[Problem]:
    placed, declared = values.get("placement"), values.get("functions")
    names = {*functions, *(declared if isinstance(declared, Mapping) else ())}
    for function in placed if isinstance(placed, Mapping) else ():
        if function not in names:
            known = ", ".join(sorted(names))
            text = f"is not a function of this program; it has {known}{suggest(function, names)}"
            yield Problem(path=join_path(f"{NAMESPACE}:placement", function), text=text)


def _refuse_secrets(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Report `secure:` in a function; the engine passes the value in plain text, so the state would contain it."""
    for path in _find_secure(f"{NAMESPACE}:functions", values.get("functions")):
        text = "must not be secure:, because Pulumi passes it in plain text; store it in Secrets Manager or SSM"
        yield Problem(path=path, text=f"{text}, and let the function read it: links with access: read")


def _find_secure(path: str, value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if set(value) == {SECURE}:
            yield path
            return
        for key, inner in value.items():
            yield from _find_secure(join_path(path, str(key)), inner)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _find_secure(f"{path}[{index}]", inner)


def _parse_value(value: str) -> object:
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value
