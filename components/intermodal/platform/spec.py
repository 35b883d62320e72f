"""A platform with every default applied."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from pulumi import Input

from intermodal.function import image
from intermodal.network.args import NetworkArgs
from intermodal.platform.args import (
    AdapterArgs,
    AddonsArgs,
    BusArgs,
    CreatedClusterArgs,
    EcsArgs,
    ExistingClusterArgs,
    KubernetesArgs,
    PlatformArgs,
)
from intermodal.validation import Definition, integer

ADAPTER_FOLDER = "runtime"
NAMESPACE_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
CLUSTERS: Mapping[str, type] = {"existing": ExistingClusterArgs, "create": CreatedClusterArgs}


@dataclass(frozen=True, kw_only=True)
class PlatformSpec:
    """A platform; its network checks itself."""

    network: NetworkArgs | None
    bus: BusArgs | None
    ecs: EcsArgs | None
    kubernetes: KubernetesArgs | None
    adapter: Input[str]
    """Image of the adapter; empty where nothing runs off Lambda."""
    tags: Mapping[str, Input[str]]


def resolve_platform(name: str, args: PlatformArgs) -> PlatformSpec:
    """The spec of a platform.

    Raises:
        DefinitionError: with every problem at once.
    """
    definition = Definition(f'Platform "{name}"')
    given = definition.block("", args, PlatformArgs)
    tags = definition.texts("tags", given.get("tags", {}))
    network = definition.mapping("network", given["network"]) if "network" in given else None
    bus = definition.block("bus", given["bus"], BusArgs) if "bus" in given else None
    ecs = definition.block("ecs", given["ecs"], EcsArgs) if "ecs" in given else None
    if ecs is not None:
        definition.plain_texts("ecs", ecs, ("existing", "capacity_provider"))
    kubernetes = _kubernetes(definition, given)
    clusters = (ecs, kubernetes)
    adapter = _adapter(definition, given.get("adapter"), needed=any(cluster is not None for cluster in clusters))
    definition.finish()
    if network is not None and "existing" not in network:
        network = {**network, "tags": {**tags, **(network.get("tags") or {})}}
    return PlatformSpec(
        network=cast("NetworkArgs | None", network),
        bus=cast("BusArgs | None", bus),
        ecs=cast("EcsArgs | None", ecs),
        kubernetes=kubernetes,
        adapter=adapter,
        tags=tags,
    )


def _kubernetes(definition: Definition, given: Mapping[str, Any]) -> KubernetesArgs | None:
    if "kubernetes" not in given:
        return None
    block = definition.block("kubernetes", given["kubernetes"], KubernetesArgs)
    kind = definition.one_of("kubernetes", block, list(CLUSTERS))
    if kind:
        block[kind] = definition.block(f"kubernetes.{kind}", block[kind], CLUSTERS[kind])
    if kind == "existing" and "security_groups" in block[kind]:
        definition.flag("kubernetes.existing.security_groups", block[kind]["security_groups"])
    if kind == "create" and "network" not in given:
        definition.add("kubernetes.create", "needs network, the VPC that the cluster is in; give it, or name existing")
    if "addons" in block:
        block["addons"] = definition.block("kubernetes.addons", block["addons"], AddonsArgs)
        for word, on in block["addons"].items():
            definition.flag(f"kubernetes.addons.{word}", on)
    block["environment"] = definition.texts("kubernetes.environment", block.get("environment", {}))
    if "namespace" in block:
        definition.name("kubernetes.namespace", block["namespace"], NAMESPACE_NAME, "a name of Kubernetes")
    if "maximum_pods" in block:
        pods = block["maximum_pods"] = integer(block["maximum_pods"])
        if isinstance(pods, bool) or not isinstance(pods, int) or pods < 1:
            definition.add("kubernetes.maximum_pods", f"must be a whole number above 0, got {pods!r}")
    return cast("KubernetesArgs", block)


def _adapter(definition: Definition, given: object, *, needed: bool) -> Input[str]:
    if given is None and not needed:
        return ""
    block = definition.block("adapter", {"build": ADAPTER_FOLDER} if given is None else given, AdapterArgs)
    kind = definition.one_of("adapter", block, ["uri", "build"]) if block else None
    definition.plain_texts("adapter", block, ("uri", "build"))
    if kind != "build":
        uri: Input[str] = block.get("uri", "")
        return uri
    try:
        return image.reference(str(block["build"]))
    except (FileNotFoundError, ValueError) as error:
        text = f"must be a folder with the adapter's Dockerfile, seen from the program; {error} is none"
        definition.add("adapter.build", f"{text}; give adapter.uri, an image that you built from intermodal's runtime")
        return ""
