"""Read the `intermodal:` part of the stack file: where each function runs, and whether its state is protected."""

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any, cast

from pulumi.runtime.config import CONFIG, get_config_env
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from intermodal.errors import Problem, StackFileError, nearest
from intermodal.function.args import ContainerFunctionArgs
from intermodal.stack.models import FunctionPlacement, LanePlacement, StackFile

NAMESPACE = "intermodal"
SUBJECT = "The stack file"


def placements(functions: Collection[str]) -> Callable[[str], ContainerFunctionArgs]:
    """A function that gives what the stack file says of one of `functions`, to be spread into its definition.

    Raises:
        StackFileError: a key or a function of the `intermodal:` namespace is not known; all of them at once.
    """
    file = read(of_namespace({**get_config_env(), **CONFIG.get()}), functions)

    def placement(function: str) -> ContainerFunctionArgs:
        if function not in functions:
            raise KeyError(f'placement("{function}"): name it in placements({sorted(functions)}) as well')
        return _arguments(file, function)

    return placement


def of_namespace(config: Mapping[str, str]) -> dict[str, Any]:
    """The keys of the namespace, with their values parsed: the engine hands objects over as JSON."""
    prefix = f"{NAMESPACE}:"
    return {key.removeprefix(prefix): _parsed(value) for key, value in config.items() if key.startswith(prefix)}


def read(values: Mapping[str, Any], functions: Collection[str]) -> StackFile:
    """The namespace as a StackFile.

    Raises:
        StackFileError: something in it is not known or has the wrong type.
    """
    problems = []
    try:
        file = StackFile.model_validate(values)
    except ValidationError as error:
        file = StackFile()
        problems = [_problem(details) for details in error.errors()]
    placed = values.get("placement")
    for function in placed if isinstance(placed, Mapping) else ():
        if function not in functions:
            known = ", ".join(sorted(functions))
            text = f"is not a function of this program; it has {known}{nearest(function, functions)}"
            problems.append(Problem(path=f"{NAMESPACE}:placement.{function}", text=text))
    if problems:
        raise StackFileError(SUBJECT, problems)
    return file


def _arguments(file: StackFile, function: str) -> ContainerFunctionArgs:
    placed = file.placement.get(function, FunctionPlacement())
    arguments: dict[str, Any] = placed.model_dump(exclude_none=True)
    # The stack file wins: its lanes replace a target of the code, and the reverse. None counts as not given.
    if placed.lanes is not None:
        arguments = {"target": None, "lane": None, "maximum_concurrency": None} | arguments
    elif placed.target is not None:
        arguments = {"lanes": None} | arguments
    if file.protect:
        arguments["protect"] = True
    return cast("ContainerFunctionArgs", arguments)


def _parsed(value: str) -> object:
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value


def _problem(details: ErrorDetails) -> Problem:
    path = f"{NAMESPACE}:{'.'.join(str(part) for part in details['loc'])}"
    if details["type"] == "extra_forbidden":
        model, key = _model_at(details["loc"][:-1]), str(details["loc"][-1])
        known = [str(field.alias or name) for name, field in model.model_fields.items()]
        return Problem(path=path, text=f"is not known here; known are {', '.join(known)}{nearest(key, known)}")
    if details["type"] == "missing":
        return Problem(path=path, text="is missing; it has no default")
    return Problem(path=path, text=f"{_lower(details['msg'])}, got {details['input']!r}")


def _model_at(path: tuple[int | str, ...]) -> type[BaseModel]:
    models: Mapping[int, type[BaseModel]] = {0: StackFile, 2: FunctionPlacement, 4: LanePlacement}
    return models[len(path)]


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]
