"""Create a network outside Pulumi."""

from typing import Any

from tests.offline.providers.program import network
from tests.offline.providers.services.network_cases import (
    ADDRESS,
    ASSOCIATION,
    EGRESS,
    EGRESS_ONLY,
    ENDPOINT,
    GATEWAY,
    GROUP,
    INGRESS,
    NAT,
    ROUTE,
    S3,
    SUBNET,
    TABLE,
    VPC,
)
from tests.offline.providers.subjects import Clients, Ids


def create_all(client: Clients) -> dict[str, str]:
    """Create the network for the variant `adopt`; return the import IDs."""
    ec2 = client("ec2")
    given = ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]
    vpc, whole = given["VpcId"], given["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    subnet = ec2.create_subnet(
        VpcId=vpc, CidrBlock="10.0.1.0/24", AvailabilityZone="eu-central-1a",
        Ipv6CidrBlock=whole.replace("00::/56", "01::/64"),
    )["Subnet"]["SubnetId"]  # fmt: skip
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    outwards = ec2.create_egress_only_internet_gateway(VpcId=vpc)["EgressOnlyInternetGateway"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")["NatGateway"]["NatGatewayId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    endpoint = ec2.create_vpc_endpoint(
        VpcId=vpc, ServiceName=S3, RouteTableIds=[table], PolicyDocument=network.allow("s3:GetObject")
    )["VpcEndpoint"]["VpcEndpointId"]
    ids = {
        VPC: vpc, SUBNET: subnet, GATEWAY: gateway, EGRESS_ONLY: outwards["EgressOnlyInternetGatewayId"],
        ADDRESS: address, NAT: nat, TABLE: table, ENDPOINT: endpoint, **_group(ec2, vpc),
    }  # fmt: skip
    tags = [{"Key": "team", "Value": "a"}, {"Key": "owner", "Value": "walk"}]
    ec2.create_tags(Resources=list(ids.values()), Tags=tags)
    return {**ids, ROUTE: f"{table}_0.0.0.0/0", ASSOCIATION: f"{subnet}/{table}"}


def _group(ec2: Any, vpc: str) -> dict[str, str]:
    """Create a security group with two rules."""
    group = ec2.create_security_group(GroupName="adopt-group", Description="adopt", VpcId=vpc)["GroupId"]
    everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[everything])
    own = {"UserIdGroupPairs": [{"GroupId": group, "Description": "a"}]}
    inwards = ec2.authorize_security_group_ingress(
        GroupId=group, IpPermissions=[{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, **own}]
    )
    outwards = ec2.authorize_security_group_egress(
        GroupId=group,
        IpPermissions=[{"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0", "Description": "a"}]}],
    )
    return {
        GROUP: group, INGRESS: inwards["SecurityGroupRules"][0]["SecurityGroupRuleId"],
        EGRESS: outwards["SecurityGroupRules"][0]["SecurityGroupRuleId"],
    }  # fmt: skip


def delete_all(client: Clients, ids: Ids) -> None:
    """Delete the network."""
    ec2 = client("ec2")
    ec2.delete_vpc_endpoints(VpcEndpointIds=[ids[ENDPOINT]])
    ec2.delete_nat_gateway(NatGatewayId=ids[NAT])
    ec2.release_address(AllocationId=ids[ADDRESS])
    ec2.delete_egress_only_internet_gateway(EgressOnlyInternetGatewayId=ids[EGRESS_ONLY])
    ec2.detach_internet_gateway(InternetGatewayId=ids[GATEWAY], VpcId=ids[VPC])
    ec2.delete_internet_gateway(InternetGatewayId=ids[GATEWAY])
    ec2.delete_security_group(GroupId=ids[GROUP])
    ec2.delete_route_table(RouteTableId=ids[TABLE])
    ec2.delete_subnet(SubnetId=ids[SUBNET])
    ec2.delete_vpc(VpcId=ids[VPC])


def list_existing(client: Clients) -> dict[str, list[str]]:
    """Return everything that exists, except the account's default network."""
    ec2 = client("ec2")
    (default,) = (one["VpcId"] for one in ec2.describe_vpcs()["Vpcs"] if one["IsDefault"])
    tables = ec2.describe_route_tables()["RouteTables"]
    return {
        "networks": [one["VpcId"] for one in ec2.describe_vpcs()["Vpcs"] if one["VpcId"] != default],
        "subnets": [one["SubnetId"] for one in ec2.describe_subnets()["Subnets"] if one["VpcId"] != default],
        "gateways": [
            *(
                one["InternetGatewayId"]
                for one in ec2.describe_internet_gateways()["InternetGateways"]
                if default not in {attached["VpcId"] for attached in one["Attachments"]}
            ),
            *(one["EgressOnlyInternetGatewayId"] for one in _egress_only(ec2)),
            *(one["NatGatewayId"] for one in ec2.describe_nat_gateways()["NatGateways"] if one["State"] != "deleted"),
        ],
        "addresses": [one["AllocationId"] for one in ec2.describe_addresses()["Addresses"]],
        "route tables": [one["RouteTableId"] for one in tables if one["VpcId"] != default],
        "security groups": [
            one["GroupId"] for one in ec2.describe_security_groups()["SecurityGroups"] if one["VpcId"] != default
        ],
        "endpoints": [one["VpcEndpointId"] for one in ec2.describe_vpc_endpoints()["VpcEndpoints"]],
    }


def _egress_only(ec2: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ec2.describe_egress_only_internet_gateways()["EgressOnlyInternetGateways"]
    return found
