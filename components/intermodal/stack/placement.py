"""Read placements for a program's functions from the stack file."""

from collections.abc import Callable, Collection
from typing import Any, TypedDict, cast

from pulumi.runtime.config import CONFIG, get_config_env, get_config_secret_keys_env

from intermodal.definition.args import PlacementArgs
from intermodal.problems.errors import Problem, StackFileError, suggest
from intermodal.stack import file
from intermodal.stack.file import DISPLAY_NAME, NAMESPACE, StackFile


class PlacementKeyword(TypedDict):
    """The keyword argument that `**placement(name)` adds to a call or a dict."""

    placement: PlacementArgs
    """Arguments that the stack file sets."""


Placement = Callable[[str], PlacementKeyword]


def placements(functions: Collection[str]) -> Placement:
    """Return a function that returns the placement for one of `functions`, as a keyword argument.

    Raises:
        StackFileError: A key or function is unknown, or the stack file defines functions, which only `stack_functions`
            creates; the error lists all problems.
    """
    found = read_config(functions)
    if found.functions:
        text = (
            f"declares {', '.join(sorted(found.functions))}, but this program creates no functions from the stack file"
        )
        problem = Problem(path=f"{NAMESPACE}:functions", text=f"{text}; call stack_functions(…) instead")
        raise StackFileError(DISPLAY_NAME, [problem])
    return make_placement(found, functions)


def make_placement(found: StackFile, functions: Collection[str]) -> Placement:
    """Return a placement function for a stack file that was already read."""

    def placement(function: str) -> PlacementKeyword:
        if function not in functions:
            known = ", ".join(sorted(functions))
            text = (
                f'of "{function}" is not among the functions passed to placements(…), which are {known}; add it there'
            )
            problem = Problem(path="placement", text=f"{text}{suggest(function, functions)}")
            raise StackFileError(DISPLAY_NAME, [problem])
        return {"placement": list_overrides(found, function)}

    return placement


def read_config(functions: Collection[str]) -> StackFile:
    """Read the namespace from the configuration that the engine passes to this program.

    Raises:
        StackFileError: A key is unknown or has the wrong type, or a function contains `secure:`; the error lists all
            problems.
    """
    if f"{NAMESPACE}:functions" in get_config_secret_keys_env():
        text = "has a secure: value, which Pulumi passes in plain text; store it in Secrets Manager or SSM"
        problem = Problem(path=f"{NAMESPACE}:functions", text=f"{text}, and let the function read it")
        raise StackFileError(DISPLAY_NAME, [problem])
    return file.read_stack_file(file.parse_namespace({**get_config_env(), **CONFIG.get()}), functions)


def list_overrides(found: StackFile, function: str) -> PlacementArgs:
    """Return the stack file's overrides for one function."""
    overrides: dict[str, Any] = dict(found.placement.get(function, {}))
    if found.protect:
        overrides["protect"] = True
    return cast("PlacementArgs", overrides)
