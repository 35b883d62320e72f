"""Which IPv4 and IPv6 block each subnet has: a zone's letter decides, so another zone changes nothing."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

ZONE = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d([a-h])")
"""A zone of a region; local and wavelength zones have other subnets' rules and are adopted instead."""

ZONES = 8
"""Letters a to h; no region has more (EC2 user guide, Regions and Zones)."""

LARGEST, SMALLEST = 16, 28
"""Prefix lengths that AWS takes for a VPC and for a subnet (VPC user guide, VPC CIDR blocks)."""

SLOT_BITS = 4
"""Sixteen equal parts: eight for private and eight for public subnets."""

SUBNET_IPV6 = 64
"""Prefix length of every subnet's IPv6 block (VPC user guide, Subnet CIDR blocks)."""


@dataclass(frozen=True, kw_only=True)
class ZoneSubnets:
    """The two blocks of one zone."""

    private: IPv4Network
    public: IPv4Network


def find_slot(zone: str) -> int:
    """Number of a zone, 0 to 7, from its letter alone.

    Raises:
        ValueError: it is not the name of a zone of a region.
    """
    named = ZONE.fullmatch(zone)
    if named is None:
        raise ValueError(zone)
    return ord(named.group(2)) - ord("a")


def compute_blocks(cidr: IPv4Network, zone: str) -> ZoneSubnets:
    """The blocks of `zone` in the VPC's `cidr`: its sixteenth of the first half, and of the second.

    Raises:
        ValueError: the zone has no letter, or `cidr` is smaller than /24.
    """
    parts = list(cidr.subnets(prefixlen_diff=SLOT_BITS))
    if parts[0].prefixlen > SMALLEST:
        raise ValueError(str(cidr))
    return ZoneSubnets(private=parts[find_slot(zone)], public=parts[ZONES + find_slot(zone)])


def compute_ipv6(vpc_cidr: str, zone: str, *, public: bool) -> str:
    """The /64 of a subnet in the VPC's /56."""
    number = find_slot(zone) + (ZONES if public else 0)
    network = IPv6Network(vpc_cidr)
    first = int(network.network_address) + (number << (128 - SUBNET_IPV6))
    return str(IPv6Network((first, SUBNET_IPV6)))


def find_overlaps(blocks: Mapping[str, IPv4Network]) -> Iterable[tuple[str, str]]:
    """Pairs of names whose blocks share addresses."""
    names = sorted(blocks)
    for index, one in enumerate(names):
        for other in names[index + 1 :]:
            if blocks[one].overlaps(blocks[other]):
                yield one, other
