"""Containerized functions for Pulumi: one definition, run by AWS Lambda, ECS tasks or Kubernetes Jobs."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intermodal.errors import DefinitionError, IntermodalError, StackFileError
    from intermodal.events.bucket import enable_bucket_events
    from intermodal.function.args import ContainerFunctionArgs, Target
    from intermodal.function.component import ContainerFunction
    from intermodal.identity.args import Trust
    from intermodal.stack.placement import placements

_HOMES = {
    "ContainerFunction": "intermodal.function.component",
    "ContainerFunctionArgs": "intermodal.function.args",
    "DefinitionError": "intermodal.errors",
    "IntermodalError": "intermodal.errors",
    "StackFileError": "intermodal.errors",
    "Target": "intermodal.function.args",
    "Trust": "intermodal.identity.args",
    "enable_bucket_events": "intermodal.events.bucket",
    "placements": "intermodal.stack.placement",
}

__all__ = [
    "ContainerFunction",
    "ContainerFunctionArgs",
    "DefinitionError",
    "IntermodalError",
    "StackFileError",
    "Target",
    "Trust",
    "enable_bucket_events",
    "placements",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first used (PEP 562): a stack file can be read without any provider SDK."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """The public names."""
    return sorted(__all__)
