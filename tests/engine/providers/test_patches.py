"""What the patches of the emulator promise beyond what every type reads back."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def ec2(client: Callable[[str], Any]) -> Any:
    return client("ec2")


def test_subnet_outside_the_ipv6_block_of_its_network_is_refused(ec2: Any, around: Mapping[str, Any]) -> None:
    with pytest.raises(ClientError, match=r"InvalidSubnet\.Range"):
        ec2.create_subnet(VpcId=around["vpcId"], CidrBlock="10.8.3.0/24", Ipv6CidrBlock="2001:db8::/64")


def test_every_network_has_a_block_of_its_own(ec2: Any) -> None:
    made = [ec2.create_vpc(CidrBlock="10.6.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"] for _ in range(2)]
    for vpc in made:
        ec2.delete_vpc(VpcId=vpc["VpcId"])
    blocks = {vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"] for vpc in made}
    assert len(blocks) == 2
    assert all(block.endswith("00::/56") for block in blocks)


@pytest.mark.parametrize("kind", ["vpc", "subnet"])
def test_association_that_does_not_exist_is_not_found(ec2: Any, kind: str) -> None:
    with pytest.raises(ClientError, match=r"CidrBlockAssociationID\.NotFound"):
        getattr(ec2, f"disassociate_{kind}_cidr_block")(AssociationId="none")


def test_routes_are_told_apart_by_their_destination(ec2: Any, around: Mapping[str, Any]) -> None:
    table, everything = around["routeTableId"], {"DestinationIpv6CidrBlock": "::/0"}
    ec2.create_route(RouteTableId=table, **everything, EgressOnlyInternetGatewayId="eigw-1")
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId="nat-1")
    with pytest.raises(ClientError, match="RouteAlreadyExists"):
        ec2.create_route(RouteTableId=table, **everything, GatewayId="igw-1")
    ec2.delete_route(RouteTableId=table, **everything)
    (found,) = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
    assert [one["NatGatewayId"] for one in found["Routes"] if one["Origin"] == "CreateRoute"] == ["nat-1"]
    ec2.delete_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0")
    with pytest.raises(ClientError, match=r"InvalidRoute\.NotFound"):
        ec2.replace_route(RouteTableId=table, **everything, GatewayId="igw-1")


def test_nat_gateway_shows_the_address_it_was_given(ec2: Any, around: Mapping[str, Any]) -> None:
    public = ec2.describe_addresses(AllocationIds=[around["allocationId"]])["Addresses"][0]["PublicIp"]
    made = ec2.create_nat_gateway(SubnetId=around["subnetId"], AllocationId=around["allocationId"])["NatGateway"]
    (found,) = ec2.describe_nat_gateways(NatGatewayIds=[made["NatGatewayId"]])["NatGateways"]
    ec2.delete_nat_gateway(NatGatewayId=made["NatGatewayId"])
    assert made["NatGatewayAddresses"] == found["NatGatewayAddresses"]
    (address,) = found["NatGatewayAddresses"]
    assert (address["PublicIp"], address["AllocationId"]) == (public, around["allocationId"])
    assert address["PrivateIp"].startswith("10.8.1.")


def test_endpoint_without_a_policy_lets_everything_through(ec2: Any, around: Mapping[str, Any]) -> None:
    made = ec2.create_vpc_endpoint(VpcId=around["vpcId"], ServiceName="s", PolicyDocument="{}")["VpcEndpoint"]
    identity = {"VpcEndpointId": made["VpcEndpointId"]}
    ec2.modify_vpc_endpoint(**identity, ResetPolicy=True)
    (found,) = ec2.describe_vpc_endpoints(VpcEndpointIds=[made["VpcEndpointId"]])["VpcEndpoints"]
    ec2.delete_vpc_endpoints(VpcEndpointIds=[made["VpcEndpointId"]])
    assert made["PolicyDocument"] == "{}"
    assert '"Action":"*"' in found["PolicyDocument"]


def test_label_of_a_secret_moves_to_the_newest_value(client: Callable[[str], Any], around: Mapping[str, Any]) -> None:
    secrets, secret = client("secretsmanager"), around["secretId"]
    both = {"SecretId": secret, "VersionStages": ["AWSCURRENT", "mine"]}
    first, second = (secrets.put_secret_value(**both, SecretString=text)["VersionId"] for text in "ab")
    stages = secrets.describe_secret(SecretId=secret)["VersionIdsToStages"]
    assert sorted(stages[second]) == ["AWSCURRENT", "mine"]
    assert stages[first] == ["AWSPREVIOUS"]
