"""Resolve a platform's arguments and apply all defaults."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from pulumi import Input

from intermodal import naming
from intermodal.images.reference import folder_of
from intermodal.limits import Target
from intermodal.network.args import NetworkArgs
from intermodal.platform.adapter_spec import AdapterBuild, resolve_adapter
from intermodal.platform.args import BusArgs, EcsArgs, KubernetesArgs, PlatformArgs, RegistryArgs
from intermodal.platform.kubernetes_spec import resolve_kubernetes
from intermodal.problems.validation import Validator


@dataclass(frozen=True, kw_only=True)
class PlatformSpec:
    """A resolved platform, except for the network's arguments, which Network validates."""

    network: NetworkArgs | None
    network_name: str
    bus: BusArgs | None
    ecs: EcsArgs | None
    kubernetes: KubernetesArgs | None
    targets: tuple[Target, ...]
    """Targets whose tasks or pods run in the platform's network; those in an existing Kubernetes cluster do not."""
    registry: RegistryArgs | None
    adapter: Input[str] | AdapterBuild
    """Adapter image; empty without a cluster."""
    tags: Mapping[str, Input[str]]


def resolve_platform(name: str, args: PlatformArgs) -> PlatformSpec:
    """Resolve a platform's arguments.

    Raises:
        DefinitionError: The arguments are invalid; the error lists all problems.
    """
    validator = Validator(f'Platform "{name}"')
    if isinstance(args, Mapping) and "kubernetes" in args:
        validator.name("name", name, naming.PLATFORM, "at most 40 lower-case letters, digits and dashes")
    given = validator.fields("", args, PlatformArgs)
    tags = validator.text_mapping("tags", given.get("tags", {}))
    network = validator.mapping("network", given["network"]) if "network" in given else None
    bus = validator.fields("bus", given["bus"], BusArgs) if "bus" in given else None
    ecs = validator.fields("ecs", given["ecs"], EcsArgs) if "ecs" in given else None
    if ecs is not None:
        validator.require_text("ecs", ecs, ("existing", "capacity_provider"))
    kubernetes = resolve_kubernetes(validator, given)
    registry = _resolve_registry(validator, given["registry"]) if "registry" in given else None
    clusters = (ecs, kubernetes)
    adapter = resolve_adapter(
        validator,
        given.get("adapter"),
        needed=any(cluster is not None for cluster in clusters),
        has_registry=registry is not None,
    )
    validator.raise_problems()
    runs = {Target.ECS: ecs is not None, Target.KUBERNETES: "create" in (kubernetes or {})}
    targets = tuple(target for target, here in runs.items() if here)
    if network is not None and "existing" not in network:
        network = {**network, "tags": {**tags, **(network.get("tags") or {})}}
        if not is_embedded(adapter):
            network.setdefault("targets", [target.value for target in targets])
    return PlatformSpec(
        network=cast("NetworkArgs | None", network),
        network_name=f"{name}-network",
        bus=cast("BusArgs | None", bus),
        ecs=cast("EcsArgs | None", ecs),
        kubernetes=kubernetes,
        targets=targets,
        registry=registry,
        adapter=adapter,
        tags=tags,
    )


def is_embedded(adapter: object) -> bool:
    """Return whether the adapter image is only in this machine's Docker, for the emulator, which needs no endpoints."""
    return isinstance(adapter, str) and folder_of(adapter) is not None


def _resolve_registry(validator: Validator, given: object) -> RegistryArgs:
    fields = validator.fields("registry", given, RegistryArgs)
    validator.require_text("registry", fields, ("existing",))
    validator.boolean("registry.force_delete", fields.get("force_delete", False))
    if "existing" in fields and "force_delete" in fields:
        validator.add("registry.force_delete", "has no effect on an existing repository; remove it")
    return cast("RegistryArgs", fields)
