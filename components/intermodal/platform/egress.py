"""Warn about services and registries that are unreachable from a new network."""

from collections.abc import Mapping
from typing import Any

from intermodal.limits import Target
from intermodal.network.spec import EVERY_SERVICE, NetworkSpec, gateway_services, resolve_network, target_services
from intermodal.platform.kubernetes_spec import ADDONS
from intermodal.platform.spec import PlatformSpec, is_embedded


def list_reachable_services(spec: PlatformSpec) -> list[str]:
    """Return the endpoint names of AWS services that are reachable from private subnets, or EVERY_SERVICE.

    The endpoints of an existing network are unknown. The AWS emulator, for which the adapter is built locally, does not
    need endpoints.

    Raises:
        DefinitionError: The network is invalid.
    """
    if spec.network is None or is_embedded(spec.adapter):
        return [EVERY_SERVICE]
    network = resolve_network(spec.network_name, spec.network)
    if not isinstance(network, NetworkSpec) or network.nat_zones:
        return [EVERY_SERVICE]
    return sorted({*network.endpoints, *gateway_services()})


def egress_warnings(spec: PlatformSpec, reachable: list[str]) -> list[str]:
    """Return warnings about unreachable services and registries.

    These are not errors, because the caller can add endpoints or a transit gateway to the VPC.
    """
    if EVERY_SERVICE in reachable:
        return []
    found = [_warn_unreachable(reachable, target) for target in spec.targets]
    if spec.kubernetes is not None and Target.KUBERNETES in spec.targets:
        found.append(_warn_unpullable(spec.kubernetes.get("addons") or {}))
    return [warning for warning in found if warning]


def _warn_unreachable(reachable: list[str], target: Target) -> str:
    missing = [service for service in target_services(target) if service not in reachable]
    if not missing:
        return ""
    return (
        f"network cannot reach {', '.join(missing)} for target {target.value}, so images cannot be pulled and "
        f'nothing starts; set targets: ["{target.value}"] on the network for interface endpoints, or nat: "single"'
    )


def _warn_unpullable(addons: Mapping[str, Any]) -> str:
    """Warn about add-ons: KEDA's images are on ghcr.io, which has no IPv6 (observed in 2025; kyverno issue 13257)."""
    on = [word for word, default in ADDONS.items() if addons.get(word, default)]
    if not on:
        return ""
    return (
        f"network has no NAT gateway, but the images of the add-ons {', '.join(on)} are in registries outside AWS "
        'without IPv6; set nat: "single" on the network, or disable the add-ons and install them from '
        "your own registry"
    )
