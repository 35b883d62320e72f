"""A platform with every default applied."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from pulumi import Input

from intermodal.network.args import NetworkArgs
from intermodal.platform.args import BusArgs, PlatformArgs
from intermodal.validation import Definition


@dataclass(frozen=True, kw_only=True)
class PlatformSpec:
    """A platform; its network checks itself."""

    network: NetworkArgs | None
    bus: BusArgs | None
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
    definition.finish()
    if network is not None and "existing" not in network:
        network = {**network, "tags": {**tags, **(network.get("tags") or {})}}
    return PlatformSpec(network=cast("NetworkArgs | None", network), bus=cast("BusArgs | None", bus), tags=tags)
