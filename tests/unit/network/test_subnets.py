"""Subnets are computed correctly, and every invalid network is rejected."""

from ipaddress import IPv4Network, IPv6Network
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intermodal import DefinitionError
from intermodal.network import subnets
from intermodal.network.spec import NetworkSpec, resolve_network

LETTERS = "abcdefgh"
blocks = st.builds(
    lambda first, length: IPv4Network((first >> (32 - length) << (32 - length), length)),
    st.integers(min_value=0, max_value=2**32 - 1),
    st.integers(min_value=16, max_value=24),
)
zones = st.sets(st.sampled_from([f"eu-central-1{letter}" for letter in LETTERS]), min_size=1).map(sorted)


def spec_of(cidr: IPv4Network, named: list[str]) -> NetworkSpec:
    """Return a network spec with these zones."""
    spec = resolve_network("n", {"cidr_block": str(cidr), "zones": list(named)})
    assert isinstance(spec, NetworkSpec)
    return spec


@given(blocks, zones)
def test_subnets_are_disjoint_large_and_inside_the_vpc(cidr: IPv4Network, named: list[str]) -> None:
    found = [block for pair in spec_of(cidr, named).zones.values() for block in (pair.private, pair.public)]
    assert len(found) == 2 * len(named)
    assert all(block.subnet_of(cidr) and block.prefixlen <= 28 for block in found)
    assert not any(one.overlaps(other) for one, other in combinations(found, 2))


@given(blocks, zones, zones)
def test_other_zones_never_change_a_zones_subnet(cidr: IPv4Network, before: list[str], after: list[str]) -> None:
    old, new = spec_of(cidr, before).zones, spec_of(cidr, after).zones
    for zone in old.keys() & new.keys():
        assert old[zone] == new[zone]


@given(zones, st.integers(min_value=0, max_value=2**56 - 1))
def test_ipv6_blocks_are_disjoint_and_inside_the_vpc(named: list[str], first: int) -> None:
    vpc = IPv6Network((first << 72, 56))
    found = [
        IPv6Network(subnets.compute_ipv6(str(vpc), zone, public=public)) for zone in named for public in (False, True)
    ]
    assert all(block.prefixlen == 64 and block.subnet_of(vpc) for block in found)
    assert len(set(found)) == len(found)


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "nothing": ({}, "zones is required; list the Availability Zones, or set existing."),
    "no zone": ({"zones": []}, "zones must have at least one item, got none."),
    "a local zone": (
        {"zones": ["us-west-2-lax-1a"]},
        "zones[0] must be the name of an Availability Zone such as \"eu-central-1a\", got 'us-west-2-lax-1a'; "
        "use existing for subnets in Local Zones.",
    ),
    "a duplicate zone": (
        {"zones": ["eu-central-1a", "eu-central-1a"]},
        'zones[1] repeats "eu-central-1a"; list each zone once.',
    ),
    "a block that is too small": (
        {"zones": ["eu-central-1a"], "cidr_block": "10.0.0.0/26"},
        "cidr_block must be from /16 to /24 to fit two subnets per zone, got 10.0.0.0/26; use a larger block.",
    ),
    "host bits": (
        {"zones": ["eu-central-1a"], "cidr_block": "10.0.0.1/16"},
        "cidr_block must be an IPv4 block such as 10.0.0.0/16, got '10.0.0.1/16' (10.0.0.1/16 has host bits set).",
    ),
    "a subnet outside the VPC": (
        {
            "zones": ["eu-central-1a"],
            "subnets": {"eu-central-1a": {"private": "10.1.0.0/20", "public": "10.0.16.0/20"}},
        },
        'subnets["eu-central-1a"].private must be inside the VPC\'s 10.0.0.0/16, got 10.1.0.0/20.',
    ),
    "a subnet that is too small": (
        {"zones": ["eu-central-1a"], "subnets": {"eu-central-1a": {"private": "10.0.0.0/29", "public": "10.0.1.0/24"}}},
        'subnets["eu-central-1a"].private must be /28 or larger, got 10.0.0.0/29; AWS does not allow smaller subnets.',
    ),
    "overlapping subnets": (
        {"zones": ["eu-central-1a"], "subnets": {"eu-central-1a": {"private": "10.0.0.0/20", "public": "10.0.8.0/24"}}},
        'subnets["eu-central-1a"].private overlaps subnets["eu-central-1a"].public: 10.0.0.0/20 and 10.0.8.0/24; '
        "use separate blocks.",
    ),
    "a chosen subnet overlapping a computed one": (
        {
            "zones": ["eu-central-1a", "eu-central-1b"],
            "subnets": {"eu-central-1a": {"private": "10.0.0.0/18", "public": "10.0.128.0/20"}},
        },
        'subnets["eu-central-1a"].private overlaps subnets["eu-central-1b"].private: 10.0.0.0/18 and 10.0.16.0/20; '
        "use separate blocks.",
    ),
    "subnets of an unknown zone": (
        {
            "zones": ["eu-central-1a"],
            "subnets": {"eu-central-1b": {"private": "10.0.0.0/20", "public": "10.0.16.0/20"}},
        },
        'subnets["eu-central-1b"] must be one of eu-central-1a, got "eu-central-1b"; did you mean "eu-central-1a"?',
    ),
    "an unknown NAT mode": (
        {"zones": ["eu-central-1a"], "nat": "per_zone"},
        'nat must be one of none, single, per-zone, got "per_zone"; did you mean "per-zone"?',
    ),
    "an unknown target": (
        {"zones": ["eu-central-1a"], "targets": ["fargate"]},
        'targets[0] must be one of lambda, ecs, kubernetes, got "fargate".',
    ),
    "a redundant endpoint": (
        {"zones": ["eu-central-1a"], "endpoints": ["s3"]},
        'endpoints[0] "s3" always has a gateway endpoint; remove it.',
    ),
    "both": (
        {"zones": ["eu-central-1a"], "existing": {"vpc_id": "vpc-1", "private_subnet_ids": ["subnet-1"]}},
        "zones and existing are mutually exclusive; define a new network or use an existing one.",
    ),
    "seventeen subnets": (
        {"existing": {"vpc_id": "vpc-1", "private_subnet_ids": [f"subnet-{i}" for i in range(17)]}},
        "existing.private_subnet_ids must have at most 16 items, got 17.",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_invalid_network_is_refused(case: str) -> None:
    args, sentence = REFUSED[case]
    with pytest.raises(DefinitionError) as refused:
        resolve_network("shared", args)  # type: ignore[arg-type]
    assert str(refused.value) == f'Network "shared": {sentence}'
