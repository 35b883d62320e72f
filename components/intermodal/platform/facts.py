"""Define the typed parts of a platform that functions use; a missing part is None."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pulumi import Output
from pulumi.output import Unknown

from intermodal.problems.errors import DefinitionError, Problem

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class NetworkFacts:
    """The platform's VPC."""

    vpc_id: str
    private_subnet_ids: list[str]
    """IDs of the subnets for functions."""
    dualstack: bool
    """Whether the subnets have IPv6 addresses."""


@dataclass(frozen=True, kw_only=True)
class BusFacts:
    """The platform's event bus."""

    name: str
    arn: str


@dataclass(frozen=True, kw_only=True)
class RegistryFacts:
    """The platform's image repository."""

    url: str


@dataclass(frozen=True, kw_only=True)
class EcsFacts:
    """The platform's ECS cluster."""

    cluster_arn: str
    capacity_provider: str


@dataclass(frozen=True, kw_only=True)
class KubernetesFacts:
    """The platform's Kubernetes cluster."""

    kubeconfig: str
    context: str | None
    oidc_provider_arn: str
    namespace: str
    queue: str | None
    """Name of the Kueue LocalQueue; None without a quota."""
    trigger_authentication: str
    priority_class: str | None
    environment: Mapping[str, str]
    """Environment variables for all containers."""
    security_groups: bool
    """Whether pods can have dedicated security groups."""
    pod_security_group_id: str | None
    """ID of an additional security group for pods with security groups; None for an existing cluster."""
    in_network: bool
    """Whether all pods run in the private subnets."""


@dataclass(frozen=True, kw_only=True)
class PlatformFacts:
    """A platform's parts."""

    region: str
    account_id: str
    reachable_services: Sequence[str]
    """Endpoint names of the AWS services that are reachable from the private subnets; `*` for all."""
    adapter_image: str | None
    """Adapter image; None without a cluster."""
    network: NetworkFacts | None
    bus: BusFacts | None
    registry: RegistryFacts | None
    ecs: EcsFacts | None
    kubernetes: KubernetesFacts | None


def require_network(display_name: str, facts: PlatformFacts) -> NetworkFacts:
    """Return a platform's network.

    Raises:
        DefinitionError: The platform has no network.
    """
    text = "needs a platform with a network, but this one has none; add a network to the platform, or remove vpc"
    return _require_part(display_name, facts.network, Problem(path="vpc", text=text))


def require_ecs(display_name: str, facts: PlatformFacts) -> EcsFacts:
    """Return a platform's ECS cluster.

    Raises:
        DefinitionError: The platform has no ECS cluster.
    """
    text = "must have an ECS cluster for target ecs, but has none; add ecs: {} to the platform"
    return _require_part(display_name, facts.ecs, Problem(path="platform", text=text))


def require_kubernetes(display_name: str, facts: PlatformFacts) -> KubernetesFacts:
    """Return a platform's Kubernetes cluster.

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
    """Apply `read` to a platform, even if some of its fields are unknown in a preview."""
    return platform.apply(
        lambda facts: facts if isinstance(facts, Unknown) else read(facts),
        run_with_unknowns=True,
    )
