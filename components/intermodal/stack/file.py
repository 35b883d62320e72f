"""Read the `intermodal:` part of a stack file, of whatever made the values."""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, cast, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from intermodal.problems.errors import Problem, StackFileError, nearest, unknown
from intermodal.stack.models import StackFile, stack_file

NAMESPACE = "intermodal"
SUBJECT = "The stack file"
SECURE = "secure"


def of_namespace(config: Mapping[str, str]) -> dict[str, Any]:
    """The keys of the namespace, with their values parsed: the engine hands objects over as JSON."""
    prefix = f"{NAMESPACE}:"
    return {key.removeprefix(prefix): _parsed(value) for key, value in config.items() if key.startswith(prefix)}


def read(values: Mapping[str, Any], functions: Collection[str] | None, *, subject: str = SUBJECT) -> StackFile:
    """The namespace as a model; `functions` are those of the program, None where nobody knows them.

    Raises:
        StackFileError: something in it is not known or has the wrong type; all of it at once.
    """
    problems = [*_secrets(values)]
    try:
        file: Any = stack_file().model_validate(values)
    except ValidationError as error:
        file = stack_file()()
        problems += [_problem(details) for details in error.errors() if not _inside_secret(details)]
    if functions is not None:
        problems += _unknown_functions(values, functions)
    if problems:
        raise StackFileError(subject, problems)
    return cast("StackFile", file)


def _unknown_functions(values: Mapping[str, Any], functions: Collection[str]) -> Iterator[Problem]:
    placed, declared = values.get("placement"), values.get("functions")
    names = {*functions, *(declared if isinstance(declared, Mapping) else ())}
    for function in placed if isinstance(placed, Mapping) else ():
        if function not in names:
            known = ", ".join(sorted(names))
            text = f"is not a function of this program; it has {known}{nearest(function, names)}"
            yield Problem(path=f"{NAMESPACE}:placement.{function}", text=text)


def _secrets(values: Mapping[str, Any]) -> Iterator[Problem]:
    """`secure:` in a function: the engine hands its value over in plain text, so it would end up in the state."""
    for path in _secure(f"{NAMESPACE}:functions", values.get("functions")):
        text = "must not be secure:, because Pulumi hands it over in plain text; keep it in Secrets Manager or SSM"
        yield Problem(path=path, text=f"{text}, and let the function read it: links with access: read")


def _secure(path: str, value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if set(value) == {SECURE}:
            yield path
            return
        for key, inner in value.items():
            yield from _secure(f"{path}.{key}", inner)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _secure(f"{path}[{index}]", inner)


def _inside_secret(details: ErrorDetails) -> bool:
    given = details["input"]
    return details["loc"][-1] == SECURE or (isinstance(given, Mapping) and set(given) == {SECURE})


def _parsed(value: str) -> object:
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value


def _problem(details: ErrorDetails) -> Problem:
    path = f"{NAMESPACE}:{_path(details['loc'])}"
    if details["type"] == "extra_forbidden":
        model, key = _model_at(details["loc"][:-1]), str(details["loc"][-1])
        known = [str(field.alias or name) for name, field in model.model_fields.items()]
        return Problem(path=path, text=f"is not known here; known are {', '.join(known)}{nearest(key, known)}")
    if details["type"] == "missing":
        return Problem(path=path, text="is missing; it has no default")
    if details["type"] == "enum":
        kind = _type_at(details["loc"])
        return unknown(path, details["input"], [str(member.value) for member in kind])
    message = details["msg"]
    return Problem(path=path, text=f"{message[:1].lower()}{message[1:]}, got {details['input']!r}")


def _path(location: tuple[int | str, ...]) -> str:
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in location]
    return "".join(parts).removeprefix(".")


def _model_at(location: tuple[int | str, ...]) -> type[BaseModel]:
    return cast("type[BaseModel]", _type_at(location))  # only models forbid keys


def _type_at(location: tuple[int | str, ...]) -> Any:
    """The type that a place of the file has: down through models, lists and maps."""
    kind: Any = stack_file()
    for part in location:
        kind = _bare(kind)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            kind = next(f.annotation for n, f in kind.model_fields.items() if part in {n, f.alias})
        else:
            kind = get_args(kind)[-1]
    return _bare(kind)


def _bare(kind: Any) -> Any:
    """A type without None, and without what is annotated."""
    if hasattr(kind, "__metadata__"):
        return _bare(kind.__origin__)
    inner = [each for each in get_args(kind) if each is not type(None)]
    optional = type(None) in get_args(kind)
    return _bare(inner[0]) if optional else kind
