"""What a network of the platform's own keeps from the targets that run in it, and from their functions."""

from collections.abc import Mapping
from typing import Any

from intermodal.images.reference import folder_of
from intermodal.limits import Target
from intermodal.network.spec import EVERY_SERVICE, NetworkSpec, gateway_services, resolve_network, target_services
from intermodal.platform.kubernetes_spec import ADDONS
from intermodal.platform.spec import PlatformSpec


def list_reachable_services(spec: PlatformSpec) -> list[str]:
    """Services of AWS that private subnets reach, by the names of their endpoints, or EVERY_SERVICE.

    A network that exists has ways that nobody here knows, and nothing of the embedded AWS, for which an adapter is
    built in place, is behind one.

    Raises:
        DefinitionError: the network is not possible.
    """
    embedded = isinstance(spec.adapter, str) and folder_of(spec.adapter) is not None
    if spec.network is None or embedded:
        return [EVERY_SERVICE]
    network = resolve_network(spec.network_name, spec.network)
    if not isinstance(network, NetworkSpec) or network.nat_zones:
        return [EVERY_SERVICE]
    return sorted({*network.endpoints, *gateway_services()})


def egress_warnings(spec: PlatformSpec, reachable: list[str]) -> list[str]:
    """Warnings, one a sentence: services and registries that nothing in the network leads to, and what would.

    Not refused, because a caller can add endpoints or a transit gateway to the VPC. Pods of an adopted cluster are in
    a network of its own.
    """
    if EVERY_SERVICE in reachable:
        return []
    runs = {Target.ECS: spec.ecs is not None, Target.KUBERNETES: "create" in (spec.kubernetes or {})}
    found = [_warn_unreachable(reachable, target) for target, here in runs.items() if here]
    if spec.kubernetes is not None and runs[Target.KUBERNETES]:
        found.append(_warn_unpullable(spec.kubernetes.get("addons") or {}))
    return [warning for warning in found if warning]


def _warn_unreachable(reachable: list[str], target: Target) -> str:
    missing = [service for service in target_services(target) if service not in reachable]
    if not missing:
        return ""
    return (
        f"network leads {target.value} to none of {', '.join(missing)}, so that AWS cannot pull its images and nothing "
        f'starts; give the network targets: ["{target.value}"] for interface endpoints, or nat: "single"'
    )


def _warn_unpullable(addons: Mapping[str, Any]) -> str:
    """KEDA's images are on ghcr.io, which has no IPv6 address (seen in 2025; kyverno issue 13257)."""
    on = [word for word, default in ADDONS.items() if addons.get(word, default)]
    if not on:
        return ""
    return (
        f"network has no NAT gateway, and the images of the add-ons {', '.join(on)} come from registries outside AWS "
        'that IPv6 does not reach; give the network nat: "single", or set the add-ons to false and install them from a '
        "registry of yours"
    )
