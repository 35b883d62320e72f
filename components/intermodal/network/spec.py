"""Resolve a network's arguments and apply all defaults."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from ipaddress import IPv4Network
from typing import Any

from pulumi import Input

from intermodal.limits import Target, data_of
from intermodal.network import subnets
from intermodal.network.args import ExistingNetworkArgs, IpFamily, Nat, NetworkArgs, ZoneSubnetsArgs
from intermodal.network.subnets import ZoneSubnets
from intermodal.problems.errors import unknown_choice
from intermodal.problems.validation import Validator

CIDR_BLOCK = "10.0.0.0/16"
EVERY_SERVICE = "*"
"""Marks all services as reachable, or their reachability as unknown."""

MOST_SUBNETS = 16
"""Limit of Lambda and ECS (Lambda API reference, VpcConfig; ECS API reference, AwsVpcConfiguration)."""


@dataclass(frozen=True, kw_only=True)
class NetworkSpec:
    """A resolved new network."""

    zones: Mapping[str, ZoneSubnets]
    cidr: IPv4Network
    ip_family: IpFamily
    nat: Nat
    endpoints: tuple[str, ...]
    """Services with an interface endpoint."""
    tags: Mapping[str, Input[str]]

    @property
    def dualstack(self) -> bool:
        """Whether the subnets have IPv6 addresses."""
        return self.ip_family is IpFamily.DUALSTACK

    @property
    def nat_zones(self) -> tuple[str, ...]:
        """Zones with a NAT gateway."""
        count = {Nat.NONE: 0, Nat.SINGLE: 1, Nat.PER_ZONE: len(self.zones)}[self.nat]
        return tuple(self.zones)[:count]


@dataclass(frozen=True, kw_only=True)
class ExistingNetworkSpec:
    """A resolved existing network."""

    vpc_id: Input[str]
    private_subnet_ids: tuple[Input[str], ...]
    dualstack: bool


def resolve_network(name: str, args: NetworkArgs) -> NetworkSpec | ExistingNetworkSpec:
    """Resolve a network's arguments.

    Raises:
        DefinitionError: The arguments are invalid; the error lists all problems.
    """
    validator = Validator(f'Network "{name}"')
    given = validator.fields("", args, NetworkArgs)
    spec = _resolve_existing(validator, given) if "existing" in given else _resolve_new(validator, given)
    validator.raise_problems()
    return spec


def _resolve_existing(validator: Validator, given: Mapping[str, Any]) -> ExistingNetworkSpec:
    for key in given.keys() - {"existing"}:
        validator.add(key, "and existing are mutually exclusive; define a new network or use an existing one")
    found = validator.fields("existing", given["existing"], ExistingNetworkArgs)
    ids = validator.text_list("existing.private_subnet_ids", found.get("private_subnet_ids", []))
    if len(ids) > MOST_SUBNETS:
        validator.add("existing.private_subnet_ids", f"must be at most {MOST_SUBNETS}, got {len(ids)}")
    return ExistingNetworkSpec(
        vpc_id=found.get("vpc_id", ""),
        private_subnet_ids=tuple(ids),
        dualstack=validator.boolean("existing.dualstack", found.get("dualstack", False)),
    )


def _resolve_new(validator: Validator, given: Mapping[str, Any]) -> NetworkSpec:
    if "zones" not in given:
        validator.add("zones", "is missing; list the availability zones, or set existing")
    cidr = _resolve_vpc_block(validator, given.get("cidr_block", CIDR_BLOCK))
    zones = _resolve_zones(validator, given.get("zones", [])) if "zones" in given else []
    nat = validator.choice("nat", given.get("nat", Nat.NONE), Nat) or Nat.NONE
    spec = NetworkSpec(
        zones=_resolve_subnets(validator, cidr, zones, given.get("subnets", {})),
        cidr=cidr,
        ip_family=validator.choice("ip_family", given.get("ip_family", IpFamily.DUALSTACK), IpFamily)
        or IpFamily.DUALSTACK,
        nat=nat,
        endpoints=_resolve_endpoints(validator, given, nat),
        tags=validator.text_mapping("tags", given.get("tags", {})),
    )
    _refuse_overlaps(validator, spec)
    return spec


def _resolve_vpc_block(validator: Validator, given: object) -> IPv4Network:
    block = _parse_block(validator, "cidr_block", given)
    smallest = subnets.SMALLEST - subnets.SLOT_BITS
    if block and not subnets.LARGEST <= block.prefixlen <= smallest:
        text = f"must be from /{subnets.LARGEST} to /{smallest} to fit a subnet per zone, got {block}"
        validator.add("cidr_block", f"{text}; use a larger block")
        block = None
    return block or IPv4Network(CIDR_BLOCK)


def _parse_block(validator: Validator, path: str, given: object) -> IPv4Network | None:
    try:
        return IPv4Network(str(given))
    except ValueError as reason:
        validator.add(path, f"must be an IPv4 block such as 10.0.0.0/16, got {given!r} ({reason})")
        return None


def _resolve_zones(validator: Validator, given: object) -> list[str]:
    zones = []
    for index, zone in enumerate(validator.text_list("zones", given)):
        if not subnets.ZONE.fullmatch(str(zone)):
            text = f'must be the name of a zone such as "eu-central-1a", got {zone!r}'
            validator.add(f"zones[{index}]", f"{text}; use existing for subnets of local zones")
        elif zone in zones:
            validator.add(f"zones[{index}]", f'repeats "{zone}"; list each zone once')
        else:
            zones.append(zone)
    return zones


def _resolve_subnets(
    validator: Validator, cidr: IPv4Network, zones: list[str], given: object
) -> Mapping[str, ZoneSubnets]:
    chosen = validator.mapping("subnets", given)
    validator.extend(unknown_choice(f'subnets["{zone}"]', zone, zones) for zone in chosen if zone not in zones)
    found = {}
    for zone in zones:
        found[zone] = subnets.compute_blocks(cidr, zone)
        if zone in chosen:
            found[zone] = _resolve_chosen(validator, f'subnets["{zone}"]', cidr, chosen[zone]) or found[zone]
    return found


def _resolve_chosen(validator: Validator, path: str, cidr: IPv4Network, given: object) -> ZoneSubnets | None:
    given_blocks = validator.fields(path, given, ZoneSubnetsArgs)
    found = {key: _parse_block(validator, f"{path}.{key}", text) for key, text in given_blocks.items()}
    for key, subnet in found.items():
        if subnet and not subnet.subnet_of(cidr):
            validator.add(f"{path}.{key}", f"must be inside the VPC's {cidr}, got {subnet}")
        elif subnet and subnet.prefixlen > subnets.SMALLEST:
            text = f"must be /{subnets.SMALLEST} or larger, got {subnet}"
            validator.add(f"{path}.{key}", f"{text}; AWS allows no smaller subnet")
    private, public = found.get("private"), found.get("public")
    return ZoneSubnets(private=private, public=public) if private and public else None


def _refuse_overlaps(validator: Validator, spec: NetworkSpec) -> None:
    blocks = {
        f'subnets["{zone}"].{key}': block
        for zone, pair in spec.zones.items()
        for key, block in (("private", pair.private), ("public", pair.public))
    }
    for one, other in subnets.find_overlaps(blocks):
        validator.add(one, f"overlaps {other}: {blocks[one]} and {blocks[other]}; use separate addresses")


def _resolve_endpoints(validator: Validator, given: Mapping[str, Any], nat: Nat) -> tuple[str, ...]:
    services = set()
    skipped = _resolve_skipped(validator, given.get("skip_endpoints", []))
    words = [target.value for target in Target]
    for index, word in enumerate(validator.sequence("targets", given.get("targets", []))):
        if word not in words:
            validator.extend([unknown_choice(f"targets[{index}]", word, words)])
        elif nat is Nat.NONE:
            target = Target(word)
            services |= {*target_services(target), *_optional_services(target)} - skipped
    for index, service in enumerate(validator.sequence("endpoints", given.get("endpoints", []))):
        if service in gateway_services():
            validator.add(f"endpoints[{index}]", f'"{service}" always has a gateway endpoint; remove it')
        elif not isinstance(service, str) or not service:
            validator.add(f"endpoints[{index}]", f"must be the name of a service such as ssm, got {service!r}")
        else:
            services.add(service)
    return tuple(sorted(services))


def _resolve_skipped(validator: Validator, given: object) -> set[str]:
    known = [service for target in Target for service in _optional_services(target)]
    found = validator.sequence("skip_endpoints", given)
    validator.extend(
        unknown_choice(f"skip_endpoints[{index}]", service, known)
        for index, service in enumerate(found)
        if service not in known
    )
    return {service for service in found if service in known}


def _optional_services(target: Target) -> tuple[str, ...]:
    return tuple(data_of(target)["endpoints"].get("unless_skipped", ()))


def target_services(target: Target) -> tuple[str, ...]:
    """Return the services for which a target needs interface endpoints; target.json cites the source."""
    return tuple(data_of(target)["endpoints"]["services"])


@cache
def gateway_services() -> tuple[str, ...]:
    """Return the services with gateway endpoints; endpoints.json cites the source."""
    rows: dict[str, Any] = json.loads(files(__package__).joinpath("endpoints.json").read_text())
    return tuple(rows["gateway"]["services"])
