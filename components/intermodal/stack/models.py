"""The `intermodal:` part of a stack file."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol

from pydantic import BaseModel, create_model

from intermodal.definition.args import ContainerFunctionArgs, ImageArgs
from intermodal.identity.args import TrustArgs, TrustedService
from intermodal.stack.shapes import Block, Shapes, Sugar


class StackFile(Protocol):
    """Every key of the namespace, read and checked."""

    placement: Mapping[str, BaseModel]
    """By function, in the keys of a definition."""
    functions: Mapping[str, BaseModel]
    """Definitions by function."""
    protect: bool


SUGAR: Sugar = {ImageArgs: ("uri", str), TrustArgs: ("service", TrustedService)}

PLACED = (
    "target",
    "lane",
    "lanes",
    "maximum_concurrency",
    "memory_mib",
    "timeout_seconds",
    "drain_before_delete",
)
"""Keys of a definition that a placement overlays."""

WIRED = ("platform", "protect")
"""Keys that only a program can give, or that the whole stack has."""


@cache
def stack_file(*, described: bool = False) -> type[Block]:
    """The model of every key of the namespace."""
    shapes = Shapes(SUGAR, described=described)
    placement = shapes.model(
        ContainerFunctionArgs,
        "Placement",
        without=tuple(ContainerFunctionArgs.__annotations__.keys() - set(PLACED)),
        optional=True,
    )
    function = shapes.model(ContainerFunctionArgs, "Function", without=WIRED)
    fields: dict[str, Any] = {
        "placement": (_by_name(placement), {}),
        "functions": (_by_name(function), {}),
        "protect": (bool, False),
    }
    return create_model("StackFile", __base__=Block, **fields)


def _by_name(model: Any) -> Any:
    return dict[str, model]


def schema() -> Mapping[str, Any]:
    """JSON schema of a stack file, for editors; keys of other namespaces are left to Pulumi."""
    found = stack_file(described=True).model_json_schema()
    keys = {f"intermodal:{key}": value for key, value in found["properties"].items()}
    known = "|".join(found["properties"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Stack file of a Pulumi project that uses intermodal",
        "type": "object",
        "properties": {
            "config": {
                "type": ["object", "null"],
                "properties": keys,
                "patternProperties": {f"^intermodal:(?!({known})$)": False},
            }
        },
        "$defs": found["$defs"],
    }
