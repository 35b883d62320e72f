"""Read the placement of a program's functions from the stack file."""

from collections.abc import Callable, Collection
from typing import Any, cast

from pulumi.runtime.config import CONFIG, get_config_env, get_config_secret_keys_env

from intermodal.definition.args import ContainerFunctionArgs
from intermodal.problems.errors import Problem, StackFileError, suggest
from intermodal.stack import file
from intermodal.stack.file import DISPLAY_NAME, NAMESPACE, StackFile

Placement = Callable[[str], ContainerFunctionArgs]


def placements(functions: Collection[str]) -> Placement:
    """Return a function that returns the placement of one of `functions`, to merge into its definition.

    Raises:
        StackFileError: A key or function is unknown, or the stack file defines functions, which only `stack_functions`
            creates; the error holds every problem.
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
    """Return the placement of a stack file that was read."""

    def placement(function: str) -> ContainerFunctionArgs:
        if function not in functions:
            known = ", ".join(sorted(functions))
            text = (
                f'of "{function}" is not among the functions passed to placements(…), which are {known}; add it there'
            )
            problem = Problem(path="placement", text=f"{text}{suggest(function, functions)}")
            raise StackFileError(DISPLAY_NAME, [problem])
        return overlay(found, function)

    return placement


def read_config(functions: Collection[str]) -> StackFile:
    """Read the namespace that the engine passes to this program.

    Raises:
        StackFileError: A key is unknown; the error holds every problem.
    """
    if f"{NAMESPACE}:functions" in get_config_secret_keys_env():
        text = "has a secure: value, which Pulumi passes in plain text; store it in Secrets Manager or SSM"
        problem = Problem(path=f"{NAMESPACE}:functions", text=f"{text}, and let the function read it")
        raise StackFileError(DISPLAY_NAME, [problem])
    return file.read_stack_file(file.parse_namespace({**get_config_env(), **CONFIG.get()}), functions)


def overlay(found: StackFile, function: str) -> ContainerFunctionArgs:
    """Return the overrides of one function."""
    given: dict[str, Any] = dict(found.placement.get(function, {}))
    # The stack file wins: its lanes replace a target in the code, and vice versa. None counts as not given.
    if "lanes" in given:
        given = {"target": None, "lane": None, "maximum_concurrency": None} | given
    elif "target" in given:
        given = {"lanes": None} | given
    if found.protect:
        given["protect"] = True
    return cast("ContainerFunctionArgs", given)
