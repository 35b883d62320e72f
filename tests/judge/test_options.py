"""The renderings use every option; a new option must be added to them before a release."""

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, get_args, is_typeddict

from intermodal.definition.args import ContainerFunctionArgs
from intermodal.network.args import NetworkArgs
from intermodal.platform.args import PlatformArgs
from tests.judge.renderings import RENDERINGS

USED_ELSEWHERE = {
    "ContainerFunctionArgs.platform": "every function in a rendering with a platform",
    "ContainerFunctionArgs.links": "the resources beside the functions",
    "ContainerFunctionArgs.image": "every function",
    "ImageArgs.uri": "the plain string that is short for it",
    "ImageArgs.build": "an image built from a folder is for the AWS emulator",
    "LinkArgs": "created by read, write and send",
    "ContainerFunctionArgs.placement": "the stack file of the demo",
    "PlacementArgs": "the same options in the function itself",
}
"""Options that no rendering uses, each with the place that does."""

ALL_TARGETS = {"lambda", "ecs", "kubernetes"}


def options(hint: Any) -> Iterator[type]:
    """Yield the TypedDicts in a type, recursively."""
    if is_typeddict(hint):
        yield hint
        for inner in hint.__annotations__.values():
            yield from options(inner)
    for inner in get_args(hint):
        yield from options(inner)


def used_options(shape: Any, value: Any) -> Iterator[str]:
    """Yield `TypedDict.key` for every key of a value that the type has."""
    if is_typeddict(shape) and isinstance(value, Mapping):
        hints = shape.__annotations__
        for key in value.keys() & hints.keys():
            yield f"{shape.__name__}.{key}"
            yield from used_options(hints[key], value[key])
        return
    for hint in get_args(shape):
        for each in [value, *items(value)]:
            yield from used_options(hint, each)


def items(value: Any) -> list[Any]:
    """Return the items of a list or the values of a mapping."""
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else []


def enum_choices(hint: Any) -> Iterator[str]:
    """Yield the choices of every enum in a type, recursively."""
    if isinstance(hint, type) and issubclass(hint, Enum):
        yield from (member.value for member in hint)
    inner = hint.__annotations__.values() if is_typeddict(hint) else get_args(hint)
    for each in inner:
        yield from enum_choices(each)


def leaves(value: Any) -> Iterator[Any]:
    """Yield the leaves of a document."""
    if not isinstance(value, Mapping | list):
        yield value
    for inner in items(value):
        yield from leaves(inner)


ROOTS: Mapping[type, list[Any]] = {
    ContainerFunctionArgs: [function for rendering in RENDERINGS for function in rendering.functions.values()],
    PlatformArgs: [rendering.platform for rendering in RENDERINGS],
    NetworkArgs: [network for rendering in RENDERINGS for network in rendering.networks.values()],
}


def test_every_option_is_rendered() -> None:
    known = {f"{shape.__name__}.{key}" for root in ROOTS for shape in options(root) for key in shape.__annotations__}
    given = {option for root, values in ROOTS.items() for value in values for option in used_options(root, value)}
    elsewhere = {option for option in known if option in USED_ELSEWHERE or option.split(".")[0] in USED_ELSEWHERE}
    assert known - given - elsewhere == set()


def test_every_choice_is_rendered() -> None:
    known = {choice for root in (ContainerFunctionArgs, PlatformArgs) for choice in enum_choices(root)}
    given = {leaf for values in ROOTS.values() for value in values for leaf in leaves(value) if isinstance(leaf, str)}
    links = {"read", "write", "send", "bucket", "queue", "topic", "bus", "table", "secret", "parameter"}
    assert known - given - links == set()


def test_every_target_has_the_longest_names() -> None:
    longest = next(rendering for rendering in RENDERINGS if rendering.name == "longest names")
    assert {function["target"] for function in longest.functions.values()} == ALL_TARGETS
