"""What the stack file says of the functions of a program: where each runs, and whether its state is protected."""

from collections.abc import Callable, Collection
from typing import Any, cast

from pulumi.runtime.config import CONFIG, get_config_env, get_config_secret_keys_env

from intermodal.definition.args import ContainerFunctionArgs
from intermodal.problems.errors import Problem, StackFileError, suggest
from intermodal.stack import file
from intermodal.stack.file import NAMESPACE, SUBJECT, StackFile

Placement = Callable[[str], ContainerFunctionArgs]


def placements(functions: Collection[str]) -> Placement:
    """A function that gives what the stack file says of one of `functions`, to be spread into its definition.

    Raises:
        StackFileError: a key or a function of the `intermodal:` namespace is not known, or it declares functions,
            which `stack_functions` creates; all of it at once.
    """
    found = read_config(functions)
    if found.functions:
        text = f"declares {', '.join(sorted(found.functions))}, and this program does not create what is declared there"
        problem = Problem(path=f"{NAMESPACE}:functions", text=f"{text}; let it call stack_functions(…) instead")
        raise StackFileError(SUBJECT, [problem])
    return make_placement(found, functions)


def make_placement(found: StackFile, functions: Collection[str]) -> Placement:
    """The same for a file that was read."""

    def placement(function: str) -> ContainerFunctionArgs:
        if function not in functions:
            known = ", ".join(sorted(functions))
            text = f'of "{function}" is not among the functions of placements(…), which names {known}; add it there'
            problem = Problem(path="placement", text=f"{text}{suggest(function, functions)}")
            raise StackFileError(SUBJECT, [problem])
        return overlay(found, function)

    return placement


def read_config(functions: Collection[str]) -> StackFile:
    """The namespace as the engine gives it to this program.

    Raises:
        StackFileError: something in it is not known; all of it at once.
    """
    if f"{NAMESPACE}:functions" in get_config_secret_keys_env():
        text = "holds a secure: value, which Pulumi hands over in plain text; keep it in Secrets Manager or SSM"
        problem = Problem(path=f"{NAMESPACE}:functions", text=f"{text}, and let the function read it")
        raise StackFileError(SUBJECT, [problem])
    return file.read_stack_file(file.parse_namespace({**get_config_env(), **CONFIG.get()}), functions)


def overlay(found: StackFile, function: str) -> ContainerFunctionArgs:
    """What a file that was read says of one function."""
    given: dict[str, Any] = dict(found.placement.get(function, {}))
    # The stack file wins: its lanes replace a target of the code, and the reverse. None counts as not given.
    if "lanes" in given:
        given = {"target": None, "lane": None, "maximum_concurrency": None} | given
    elif "target" in given:
        given = {"lanes": None} | given
    if found.protect:
        given["protect"] = True
    return cast("ContainerFunctionArgs", given)
