"""What a network of the platform's own keeps from the targets that run in it."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, cast

from intermodal.function.image import folder_of
from intermodal.network.args import Nat
from intermodal.network.spec import endpoint_services
from intermodal.platform.addons import ADDONS
from intermodal.platform.spec import PlatformSpec


def missing_ways_out(spec: PlatformSpec) -> list[str]:
    """Warnings, one a sentence: services and registries that nothing in the network leads to, and what would.

    Not refused, because a caller can add endpoints or a transit gateway to the VPC. Pods of an adopted cluster are in
    a network of its own, and nothing of the embedded AWS, for which an adapter is built in place, is behind one.
    """
    network = cast("Mapping[str, Any]", spec.network or {"existing": {}})
    nat = network.get("nat") or Nat.NONE
    embedded = isinstance(spec.adapter, str) and folder_of(spec.adapter) is not None
    if embedded or "existing" in network or (nat.value if isinstance(nat, Enum) else nat) != Nat.NONE.value:
        return []
    runs = {"ecs": spec.ecs is not None, "kubernetes": "create" in (spec.kubernetes or {})}
    found = [_unreached(network, target) for target, here in runs.items() if here]
    if spec.kubernetes is not None and runs["kubernetes"]:
        found.append(_unpulled(spec.kubernetes.get("addons") or {}))
    return [warning for warning in found if warning]


def _unreached(network: Mapping[str, Any], target: str) -> str:
    if target in (network.get("targets") or []):
        return ""
    missing = [service for service in endpoint_services()[target] if service not in (network.get("endpoints") or [])]
    if not missing:
        return ""
    return (
        f"network leads {target} to none of {', '.join(missing)}, so that AWS cannot pull its images and nothing "
        f'starts; give the network targets: ["{target}"] for interface endpoints, or nat: "single"'
    )


def _unpulled(addons: Mapping[str, Any]) -> str:
    """KEDA's images are on ghcr.io, which has no IPv6 address (seen in 2025; kyverno issue 13257)."""
    on = [word for word, default in ADDONS.items() if addons.get(word, default)]
    if not on:
        return ""
    return (
        f"network has no NAT gateway, and the images of the add-ons {', '.join(on)} come from registries outside AWS "
        'that IPv6 does not reach; give the network nat: "single", or set the add-ons to false and install them from a '
        "registry of yours"
    )
