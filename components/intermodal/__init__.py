"""Containerized functions for Pulumi: one definition that runs on AWS Lambda, Amazon ECS or Kubernetes."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intermodal.definition.args import ContainerFunctionArgs
    from intermodal.events import on
    from intermodal.events.bucket_notification import enable_bucket_events
    from intermodal.function.component import ContainerFunction
    from intermodal.identity.args import Access, LinkKind, TrustedService
    from intermodal.identity.links import read, send, write
    from intermodal.limits.targets import Target
    from intermodal.network.args import IpFamily, Nat, NetworkArgs
    from intermodal.network.component import Network
    from intermodal.platform.args import PlatformArgs, PlatformHandle
    from intermodal.platform.component import Platform
    from intermodal.problems.errors import DefinitionError, IntermodalError, StackFileError
    from intermodal.stack.functions import stack_functions
    from intermodal.stack.placement import placements
    from intermodal.targets.aws_lambda.deploy import LambdaResources
    from intermodal.targets.ecs.deploy import EcsResources
    from intermodal.targets.kubernetes.deploy import KubernetesResources

_HOMES = {
    "Access": "intermodal.identity.args",
    "ContainerFunction": "intermodal.function.component",
    "ContainerFunctionArgs": "intermodal.definition.args",
    "DefinitionError": "intermodal.problems.errors",
    "EcsResources": "intermodal.targets.ecs.deploy",
    "IntermodalError": "intermodal.problems.errors",
    "IpFamily": "intermodal.network.args",
    "KubernetesResources": "intermodal.targets.kubernetes.deploy",
    "LambdaResources": "intermodal.targets.aws_lambda.deploy",
    "LinkKind": "intermodal.identity.args",
    "Nat": "intermodal.network.args",
    "Network": "intermodal.network.component",
    "NetworkArgs": "intermodal.network.args",
    "Platform": "intermodal.platform.component",
    "PlatformArgs": "intermodal.platform.args",
    "PlatformHandle": "intermodal.platform.args",
    "StackFileError": "intermodal.problems.errors",
    "Target": "intermodal.limits.targets",
    "TrustedService": "intermodal.identity.args",
    "enable_bucket_events": "intermodal.events.bucket_notification",
    "on": "intermodal.events.on",
    "placements": "intermodal.stack.placement",
    "read": "intermodal.identity.links",
    "send": "intermodal.identity.links",
    "stack_functions": "intermodal.stack.functions",
    "write": "intermodal.identity.links",
}

MODULE = "on"
"""The only public name that refers to a module, used as `on.bucket(…)` or `on.schedule(…)`."""

__all__ = [
    "Access",
    "ContainerFunction",
    "ContainerFunctionArgs",
    "DefinitionError",
    "EcsResources",
    "IntermodalError",
    "IpFamily",
    "KubernetesResources",
    "LambdaResources",
    "LinkKind",
    "Nat",
    "Network",
    "NetworkArgs",
    "Platform",
    "PlatformArgs",
    "PlatformHandle",
    "StackFileError",
    "Target",
    "TrustedService",
    "enable_bucket_events",
    "on",
    "placements",
    "read",
    "send",
    "stack_functions",
    "write",
]


def __getattr__(name: str) -> object:
    """Import a public name on first use (PEP 562), so that reading a stack file does not load a provider SDK."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(_HOMES[name])
    return module if name == MODULE else getattr(module, name)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
