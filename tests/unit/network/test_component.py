"""A Network creates the right children in each of its variants."""

from typing import Any

import pulumi
import pytest

from intermodal import Network
from tests.conftest import Cloud, Run

ZONES = ["eu-central-1a", "eu-central-1b"]


def register(cloud: Run, **args: Any) -> Cloud:
    """Register a network with two zones."""
    return cloud(lambda: Network("n", {"zones": ZONES, **args}))  # type: ignore[typeddict-item]


def per_zone(zone: str) -> list[str]:
    """Return one zone's children."""
    return [
        f"aws:ec2/routeTable:RouteTable n-private-{zone}",
        f"aws:ec2/routeTableAssociation:RouteTableAssociation n-private-{zone}",
        f"aws:ec2/routeTableAssociation:RouteTableAssociation n-public-{zone}",
        f"aws:ec2/subnet:Subnet n-private-{zone}",
        f"aws:ec2/subnet:Subnet n-public-{zone}",
    ]


IPV4 = [
    "aws:ec2/internetGateway:InternetGateway n-internet",
    "aws:ec2/route:Route n-public-ipv4",
    "aws:ec2/routeTable:RouteTable n-public",
    "aws:ec2/vpc:Vpc n-vpc",
    "aws:ec2/vpcEndpoint:VpcEndpoint n-endpoint-dynamodb",
    "aws:ec2/vpcEndpoint:VpcEndpoint n-endpoint-s3",
    "intermodal:index:Network n",
    *per_zone(ZONES[0]),
    *per_zone(ZONES[1]),
]
IPV6 = [
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway n-egress",
    "aws:ec2/route:Route n-private-eu-central-1a-ipv6",
    "aws:ec2/route:Route n-private-eu-central-1b-ipv6",
    "aws:ec2/route:Route n-public-ipv6",
]


def nat(zone: str) -> list[str]:
    """Return a NAT gateway's children."""
    return [f"aws:ec2/eip:Eip n-nat-{zone}", f"aws:ec2/natGateway:NatGateway n-nat-{zone}"]


def endpoints(*services: str) -> list[str]:
    """Return the interface endpoints and their security group."""
    return [
        "aws:ec2/securityGroup:SecurityGroup n-endpoints",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule n-endpoints-ipv4",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule n-endpoints-ipv6",
        *[f"aws:ec2/vpcEndpoint:VpcEndpoint n-endpoint-{service}" for service in services],
    ]


NAT_ROUTES = [f"aws:ec2/route:Route n-private-{zone}-ipv4" for zone in ZONES]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ({}, IPV4 + IPV6),
        ({"ip_family": "ipv4"}, IPV4),
        ({"nat": "single"}, [*IPV4, *IPV6, *nat(ZONES[0]), *NAT_ROUTES]),
        ({"nat": "per-zone"}, [*IPV4, *IPV6, *nat(ZONES[0]), *nat(ZONES[1]), *NAT_ROUTES]),
        ({"targets": ["lambda"]}, IPV4 + IPV6),
        ({"targets": ["ecs"]}, [*IPV4, *IPV6, *endpoints("ecr.api", "ecr.dkr", "ecs", "logs", "sqs")]),
        (
            {"targets": ["ecs"], "skip_endpoints": ["ecs"]},
            [*IPV4, *IPV6, *endpoints("ecr.api", "ecr.dkr", "logs", "sqs")],
        ),
        ({"targets": ["ecs"], "nat": "single"}, [*IPV4, *IPV6, *nat(ZONES[0]), *NAT_ROUTES]),
        ({"endpoints": ["ssm"]}, [*IPV4, *IPV6, *endpoints("ssm")]),
    ],
    ids=[
        "dual stack",
        "ipv4",
        "one NAT",
        "NAT per zone",
        "for lambda",
        "for ecs",
        "for ecs but ecs",
        "for ecs with NAT",
        "own endpoint",
    ],
)
def test_network_children(cloud: Run, args: dict[str, Any], expected: list[str]) -> None:
    assert register(cloud, **args).list_registrations() == sorted(expected)


def test_existing_network_creates_no_resources(cloud: Run) -> None:
    args = {"existing": {"vpc_id": "vpc-1", "private_subnet_ids": ["subnet-1", "subnet-2"]}}
    found: dict[str, list[str]] = {}

    def program() -> None:
        network = Network("n", args)  # type: ignore[arg-type]
        network.private_subnet_ids.apply(lambda ids: found.update(ids=ids))

    assert cloud(program).list_registrations() == ["intermodal:index:Network n"]
    assert found["ids"] == ["subnet-1", "subnet-2"]


def test_subnets_have_their_letters_zone_and_block(cloud: Run) -> None:
    subnet = register(cloud).inputs("aws:ec2/subnet:Subnet", "n-private-eu-central-1b")
    assert (subnet["availabilityZone"], subnet["cidrBlock"]) == ("eu-central-1b", "10.0.16.0/20")
    assert subnet["ipv6CidrBlock"] == "2001:db8:1234:5601::/64"
    assert subnet["assignIpv6AddressOnCreation"] is True


def test_private_routes_use_nat_and_the_egress_gateway(cloud: Run) -> None:
    found = register(cloud, nat="single")
    ipv4 = found.inputs("aws:ec2/route:Route", "n-private-eu-central-1b-ipv4")
    ipv6 = found.inputs("aws:ec2/route:Route", "n-private-eu-central-1b-ipv6")
    assert (ipv4["destinationCidrBlock"], ipv4["natGatewayId"]) == ("0.0.0.0/0", "n-nat-eu-central-1a-id")
    assert (ipv6["destinationIpv6CidrBlock"], ipv6["egressOnlyGatewayId"]) == ("::/0", "n-egress-id")
    assert not {"gatewayId"} & (ipv4.keys() | ipv6.keys())


def test_endpoints_allow_only_https_from_the_vpc(cloud: Run) -> None:
    found = register(cloud, endpoints=["ssm"])
    group = found.inputs("aws:ec2/securityGroup:SecurityGroup", "n-endpoints")
    assert "ingress" not in group
    for family, block in (("ipv4", {"cidrIpv4": "10.0.0.0/16"}), ("ipv6", {"cidrIpv6": "2001:db8:1234:5600::/56"})):
        rule = found.inputs("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", f"n-endpoints-{family}")
        assert (rule["ipProtocol"], rule["fromPort"], rule["toPort"]) == ("tcp", 443, 443)
        assert block.items() <= rule.items()
    endpoint = found.inputs("aws:ec2/vpcEndpoint:VpcEndpoint", "n-endpoint-ssm")
    assert endpoint["serviceName"] == "com.amazonaws.eu-central-1.ssm"
    assert endpoint["privateDnsEnabled"] is True


def test_gateway_endpoints_are_in_every_route_table(cloud: Run) -> None:
    endpoint = register(cloud).inputs("aws:ec2/vpcEndpoint:VpcEndpoint", "n-endpoint-s3")
    tables = {"n-public-id", "n-private-eu-central-1a-id", "n-private-eu-central-1b-id"}
    assert set(endpoint["routeTableIds"]) == tables


def test_a_nat_gateway_waits_for_the_internet_gateway(cloud: Run) -> None:
    waits: dict[str, list[str]] = {}

    def record(args: pulumi.ResourceTransformationArgs) -> None:
        needed: Any = args.opts.depends_on or []
        waits[f"{args.type_} {args.name}"] = [each.pulumi_resource_name for each in needed]

    opts = pulumi.ResourceOptions(transformations=[record])
    args: Any = {"zones": ["eu-central-1a"], "nat": "single"}
    cloud(lambda: Network("n", args, opts))
    for kind in ("eip:Eip", "natGateway:NatGateway"):
        assert waits[f"aws:ec2/{kind} n-nat-eu-central-1a"] == ["n-internet"]
