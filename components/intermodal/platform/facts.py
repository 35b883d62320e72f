"""Typed parts of a platform for functions; a missing part is None."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pulumi import Output
from pulumi.output import Unknown

from intermodal.problems.errors import DefinitionError, Problem

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class NetworkFacts:
    """The VPC."""

    vpc_id: str
    private_subnet_ids: list[str]
    """Subnets of the functions."""
    dualstack: bool
    """Whether the subnets have IPv6 addresses."""


@dataclass(frozen=True, kw_only=True)
class BusFacts:
    """The platform's own bus."""

    name: str
    arn: str


@dataclass(frozen=True, kw_only=True)
class RegistryFacts:
    """The repository for images."""

    url: str


@dataclass(frozen=True, kw_only=True)
class EcsFacts:
    """The ECS cluster."""

    cluster_arn: str
    capacity_provider: str


@dataclass(frozen=True, kw_only=True)
class KubernetesFacts:
    """The Kubernetes cluster."""

    kubeconfig: str
    context: str | None
    oidc_provider_arn: str
    namespace: str
    queue: str | None
    """Kueue's LocalQueue; None without a quota."""
    trigger_authentication: str
    priority_class: str | None
    environment: Mapping[str, str]
    """Variables of every container."""
    security_groups: bool
    """Whether pods can have security groups of their own."""
    pod_security_group_id: str | None
    """Additional security group of such pods; None on an existing cluster."""
    in_network: bool
    """Whether all pods run in the private subnets."""


@dataclass(frozen=True, kw_only=True)
class PlatformFacts:
    """A platform."""

    region: str
    account_id: str
    reachable_services: Sequence[str]
    """AWS services that the private subnets reach, by endpoint name; `*` for all."""
    adapter_image: str | None
    """None without a cluster."""
    network: NetworkFacts | None
    bus: BusFacts | None
    registry: RegistryFacts | None
    ecs: EcsFacts | None
    kubernetes: KubernetesFacts | None


def require_network(display_name: str, facts: PlatformFacts) -> NetworkFacts:
    """Return the network of a platform.

    Raises:
        DefinitionError: The platform has no network.
    """
    text = "needs a platform with a network, but this one has none; add a network to the platform, or remove vpc"
    return _require_part(display_name, facts.network, Problem(path="vpc", text=text))


def require_ecs(display_name: str, facts: PlatformFacts) -> EcsFacts:
    """Return the ECS cluster of a platform.

    Raises:
        DefinitionError: The platform has no ECS cluster.
    """
    text = "must have an ECS cluster for target ecs, but has none; add ecs: {} to the platform"
    return _require_part(display_name, facts.ecs, Problem(path="platform", text=text))


def require_kubernetes(display_name: str, facts: PlatformFacts) -> KubernetesFacts:
    """Return the Kubernetes cluster of a platform.

    Raises:
        DefinitionError: The platform has no Kubernetes cluster.
    """
    text = "must have a Kubernetes cluster for target kubernetes, but has none; add"
    return _require_part(
        display_name, facts.kubernetes, Problem(path="platform", text=f"{text} kubernetes: {{…}} to the platform")
    )


def _require_part(display_name: str, part: T | None, problem: Problem) -> T:
    if part is None:
        raise DefinitionError(display_name, [problem])
    return part


def read_part(platform: Output[PlatformFacts], read: Callable[[PlatformFacts], T]) -> Output[Any]:
    """Apply `read` to a platform; in a preview, only the unknown fields stay unknown."""
    return platform.apply(
        lambda facts: facts if isinstance(facts, Unknown) else read(facts),
        run_with_unknowns=True,
    )
