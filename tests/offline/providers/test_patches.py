"""The emulator's patches behave as AWS does, beyond returning every type's inputs."""

from collections.abc import Callable, Mapping
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from local.aws.patches import describe_filters

MODEL = botocore.session.get_session().get_service_model("ec2")


def members(action: str) -> set[str]:
    """Return the parameters for a call."""
    if action not in MODEL.operation_names:
        return set()
    shape = MODEL.operation_model(action).input_shape
    return set(shape.members) if shape else set()


@pytest.fixture
def ec2(client: Callable[[str], Any]) -> Any:
    return client("ec2")


def test_subnet_outside_its_networks_ipv6_block_is_rejected(ec2: Any, dependencies: Mapping[str, Any]) -> None:
    with pytest.raises(ClientError, match=r"InvalidSubnet\.Range"):
        ec2.create_subnet(VpcId=dependencies["vpcId"], CidrBlock="10.8.3.0/24", Ipv6CidrBlock="2001:db8::/64")


def test_every_vpc_gets_its_own_ipv6_block(ec2: Any) -> None:
    made = [ec2.create_vpc(CidrBlock="10.6.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"] for _ in range(2)]
    for vpc in made:
        ec2.delete_vpc(VpcId=vpc["VpcId"])
    blocks = {vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"] for vpc in made}
    assert len(blocks) == 2
    assert all(block.endswith("00::/56") for block in blocks)


@pytest.mark.parametrize("kind", ["vpc", "subnet"])
def test_missing_association_is_not_found(ec2: Any, kind: str) -> None:
    with pytest.raises(ClientError, match=r"CidrBlockAssociationID\.NotFound"):
        getattr(ec2, f"disassociate_{kind}_cidr_block")(AssociationId="none")


def test_routes_are_identified_by_destination(ec2: Any, dependencies: Mapping[str, Any]) -> None:
    table, everything = dependencies["routeTableId"], {"DestinationIpv6CidrBlock": "::/0"}
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


def test_nat_gateway_shows_its_allocated_address(ec2: Any, dependencies: Mapping[str, Any]) -> None:
    public = ec2.describe_addresses(AllocationIds=[dependencies["allocationId"]])["Addresses"][0]["PublicIp"]
    made = ec2.create_nat_gateway(SubnetId=dependencies["subnetId"], AllocationId=dependencies["allocationId"])[
        "NatGateway"
    ]
    (found,) = ec2.describe_nat_gateways(NatGatewayIds=[made["NatGatewayId"]])["NatGateways"]
    ec2.delete_nat_gateway(NatGatewayId=made["NatGatewayId"])
    assert made["NatGatewayAddresses"] == found["NatGatewayAddresses"]
    (address,) = found["NatGatewayAddresses"]
    assert (address["PublicIp"], address["AllocationId"]) == (public, dependencies["allocationId"])
    assert address["PrivateIp"].startswith("10.8.1.")


def test_endpoint_without_a_policy_allows_everything(ec2: Any, dependencies: Mapping[str, Any]) -> None:
    made = ec2.create_vpc_endpoint(VpcId=dependencies["vpcId"], ServiceName="s", PolicyDocument="{}")["VpcEndpoint"]
    identity = {"VpcEndpointId": made["VpcEndpointId"]}
    ec2.modify_vpc_endpoint(**identity, ResetPolicy=True)
    (found,) = ec2.describe_vpc_endpoints(VpcEndpointIds=[made["VpcEndpointId"]])["VpcEndpoints"]
    ec2.delete_vpc_endpoints(VpcEndpointIds=[made["VpcEndpointId"]])
    assert made["PolicyDocument"] == "{}"
    assert '"Action":"*"' in found["PolicyDocument"]


def test_secret_label_moves_to_the_newest_value(client: Callable[[str], Any], dependencies: Mapping[str, Any]) -> None:
    secrets, secret = client("secretsmanager"), dependencies["secretId"]
    both = {"SecretId": secret, "VersionStages": ["AWSCURRENT", "mine"]}
    first, second = (secrets.put_secret_value(**both, SecretString=text)["VersionId"] for text in "ab")
    stages = secrets.describe_secret(SecretId=secret)["VersionIdsToStages"]
    assert sorted(stages[second]) == ["AWSCURRENT", "mine"]
    assert stages[first] == ["AWSPREVIOUS"]


def call_with_filter(ec2: Any, action: str, name: str, *values: str) -> Any:
    return getattr(ec2, action)(Filters=[{"Name": name, "Values": list(values)}])


def test_vpc_is_found_by_its_ipv6_association(ec2: Any) -> None:
    made = ec2.create_vpc(CidrBlock="10.5.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]
    (association,) = made["Ipv6CidrBlockAssociationSet"]
    name = "ipv6-cidr-block-association.association-id"
    found = call_with_filter(ec2, "describe_vpcs", name, association["AssociationId"])["Vpcs"]
    none = call_with_filter(ec2, "describe_vpcs", name, "vpc-cidr-assoc-0")["Vpcs"]
    ec2.delete_vpc(VpcId=made["VpcId"])
    assert [vpc["VpcId"] for vpc in found] == [made["VpcId"]]
    assert none == []


def test_subnet_is_found_by_its_ipv6_association(ec2: Any) -> None:
    vpc = ec2.create_vpc(CidrBlock="10.5.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]
    block = vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"].replace("/56", "/64")
    made = ec2.create_subnet(VpcId=vpc["VpcId"], CidrBlock="10.5.1.0/24", Ipv6CidrBlock=block)["Subnet"]
    (association,) = made["Ipv6CidrBlockAssociationSet"]
    name = "ipv6-cidr-block-association.association-id"
    found = call_with_filter(ec2, "describe_subnets", name, association["AssociationId"])["Subnets"]
    ec2.delete_subnet(SubnetId=made["SubnetId"])
    ec2.delete_vpc(VpcId=vpc["VpcId"])
    assert [subnet["SubnetId"] for subnet in found] == [made["SubnetId"]]


def test_network_interfaces_are_found_by_group(ec2: Any, dependencies: Mapping[str, Any]) -> None:
    made = ec2.create_network_interface(SubnetId=dependencies["subnetId"])["NetworkInterface"]
    (group,) = made["Groups"]
    found = call_with_filter(ec2, "describe_network_interfaces", "group-id", group["GroupId"])["NetworkInterfaces"]
    none = call_with_filter(ec2, "describe_network_interfaces", "group-id", "sg-0")["NetworkInterfaces"]
    ec2.delete_network_interface(NetworkInterfaceId=made["NetworkInterfaceId"])
    assert made["NetworkInterfaceId"] in [each["NetworkInterfaceId"] for each in found]
    assert none == []


def test_zones_are_found_by_their_state(ec2: Any) -> None:
    assert len(call_with_filter(ec2, "describe_availability_zones", "state", "available")["AvailabilityZones"]) == 3
    assert call_with_filter(ec2, "describe_availability_zones", "state", "impaired")["AvailabilityZones"] == []


DESCRIBED = sorted(action for action in describe_filters.served() if {"Filters", "Filter"} & members(action))


@pytest.mark.parametrize("action", DESCRIBED)
def test_unknown_ec2_filter_is_refused(client: Callable[[str], Any], action: str) -> None:
    given = {({"Filters", "Filter"} & members(action)).pop(): [{"Name": "no-such-filter", "Values": ["x"]}]}
    with pytest.raises(ClientError, match=r"InvalidParameterValue.*The filter 'no-such-filter' is invalid"):
        getattr(client("ec2"), xform_name(action))(**given)


def test_every_filter_in_the_tables_is_accepted(client: Callable[[str], Any]) -> None:
    refused = []
    for action in describe_filters.MINISTACKS.keys() | describe_filters.OURS.keys():
        parameter = ({"Filters", "Filter"} & members(action)).pop()
        for name in describe_filters.known(action):
            try:
                getattr(client("ec2"), xform_name(action))(**{parameter: [{"Name": name, "Values": ["x"]}]})
            except ClientError as error:
                refused.append(f"{action} {name}: {error}")
    assert refused == []
