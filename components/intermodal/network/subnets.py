"""Compute subnet CIDR blocks from the zone's letter, so that adding a zone does not change other zones."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

ZONE = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d([a-h])")
"""Pattern for Availability Zone names. Local and Wavelength Zones have other rules and need an existing VPC."""

ZONES = 8
"""Number of zone letters, a to h; no Region has more zones (EC2 user guide, Regions and Zones)."""

LARGEST, SMALLEST = 16, 28
"""Shortest and longest prefix length for VPCs and subnets (VPC user guide, VPC CIDR blocks)."""

SLOT_BITS = 4
"""Number of bits for sixteen equal parts: eight private and eight public subnets."""

SUBNET_IPV6 = 64
"""Prefix length of IPv6 subnet blocks (VPC user guide, Subnet CIDR blocks)."""


@dataclass(frozen=True, kw_only=True)
class ZoneSubnets:
    """CIDR blocks of a zone's subnets."""

    private: IPv4Network
    public: IPv4Network


def find_slot(zone: str) -> int:
    """Return a zone's number, 0 to 7, from its letter.

    Raises:
        ValueError: `zone` is not the name of an Availability Zone.
    """
    named = ZONE.fullmatch(zone)
    if named is None:
        raise ValueError(zone)
    return ord(named.group(2)) - ord("a")


def compute_blocks(cidr: IPv4Network, zone: str) -> ZoneSubnets:
    """Return a zone's blocks: one sixteenth from the first half of `cidr` and one from the second half.

    Raises:
        ValueError: `zone` is not the name of an Availability Zone, or `cidr` is smaller than /24.
    """
    parts = list(cidr.subnets(prefixlen_diff=SLOT_BITS))
    if parts[0].prefixlen > SMALLEST:
        raise ValueError(str(cidr))
    return ZoneSubnets(private=parts[find_slot(zone)], public=parts[ZONES + find_slot(zone)])


def compute_ipv6(vpc_cidr: str, zone: str, *, public: bool) -> str:
    """Return a subnet's /64 within the VPC's /56."""
    number = find_slot(zone) + (ZONES if public else 0)
    network = IPv6Network(vpc_cidr)
    first = int(network.network_address) + (number << (128 - SUBNET_IPV6))
    return str(IPv6Network((first, SUBNET_IPV6)))


def find_overlaps(blocks: Mapping[str, IPv4Network]) -> Iterable[tuple[str, str]]:
    """Yield pairs of names whose blocks overlap."""
    names = sorted(blocks)
    for index, one in enumerate(names):
        for other in names[index + 1 :]:
            if blocks[one].overlaps(blocks[other]):
                yield one, other
