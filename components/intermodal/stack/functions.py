"""Create the functions that a stack file defines."""

from collections.abc import Collection, Mapping
from typing import Any, cast

from pulumi import ResourceOptions

from intermodal.definition.args import ContainerFunctionArgs
from intermodal.definition.keywords import ContainerFunctionKeywords
from intermodal.function.component import ContainerFunction
from intermodal.problems.errors import Problem, StackFileError, join_path
from intermodal.stack.file import DISPLAY_NAME, NAMESPACE, StackFile
from intermodal.stack.placement import Placement, list_overrides, make_placement, read_config


def stack_functions(
    common: ContainerFunctionKeywords | None = None,
    opts: ResourceOptions | None = None,
    *,
    beside: Collection[str] = (),
) -> tuple[dict[str, ContainerFunction], Placement]:
    """Create the functions in `intermodal:functions`; return them and the `placement` for the program's functions.

    `common` contains default arguments for all functions, such as `platform` and `tags`. `beside` lists the functions
    that the program itself defines.

    Raises:
        StackFileError: A key is unknown, or the program and the stack file define the same function; the error lists
            all problems.
        DefinitionError: A function is invalid.
    """
    found = read_config(beside)
    if both := sorted(found.functions.keys() & set(beside)):
        problems = [
            Problem(
                path=join_path(f"{NAMESPACE}:functions", name),
                text="is also defined by the program; rename one of them",
            )
            for name in both
        ]
        raise StackFileError(DISPLAY_NAME, problems)
    shared: Mapping[str, Any] = common or {}
    functions = {name: ContainerFunction(name, _definition(found, name, shared), opts) for name in found.functions}
    return functions, make_placement(found, beside)


def _definition(found: StackFile, name: str, common: Mapping[str, Any]) -> ContainerFunctionArgs:
    return cast("ContainerFunctionArgs", {**common, **found.functions[name], "placement": list_overrides(found, name)})
