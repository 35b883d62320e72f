"""Define cases with every input for the network types, and the resources that they refer to."""

from collections.abc import Iterator
from typing import Any

from intermodal_offline.providers.values import Props
from tests.offline.providers.program import network
from tests.offline.providers.stack import REGION
from tests.offline.providers.subjects import Clients

VPC, SUBNET = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet"
GATEWAY = "aws:ec2/internetGateway:InternetGateway"
EGRESS_ONLY = "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway"
ADDRESS, NAT = "aws:ec2/eip:Eip", "aws:ec2/natGateway:NatGateway"
TABLE, ROUTE = "aws:ec2/routeTable:RouteTable", "aws:ec2/route:Route"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
GROUP, ENDPOINT = "aws:ec2/securityGroup:SecurityGroup", "aws:ec2/vpcEndpoint:VpcEndpoint"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"

S3 = f"com.amazonaws.{REGION}.s3"
FROM = {"securityGroupId": "", "description": "d", "ipProtocol": "tcp", "fromPort": 80, "toPort": 81}
INWARDS: list[Props] = [
    {**FROM, "cidrIpv4": "10.0.0.0/8"}, {**FROM, "cidrIpv6": "2001:db8::/32"}, {**FROM, "prefixListId": "pl-1"},
    {"securityGroupId": "", "ipProtocol": "-1", "referencedSecurityGroupId": ""},
]  # fmt: skip
# "" and [] are replaced with resources from `dependencies`.
CASES: list[tuple[str, Props]] = [
    (
        VPC,
        {
            "cidrBlock": "10.9.0.0/16", "enableDnsSupport": False, "enableDnsHostnames": True,
            "assignGeneratedIpv6CidrBlock": True,
        },
    ),
    (
        SUBNET,
        {
            "vpcId": "", "cidrBlock": "10.8.2.0/24", "availabilityZone": "eu-central-1b", "mapPublicIpOnLaunch": True,
            "ipv6CidrBlock": "", "assignIpv6AddressOnCreation": True,
        },
    ),
    (GATEWAY, {"vpcId": ""}),
    (EGRESS_ONLY, {"vpcId": ""}),
    (ADDRESS, {"domain": "vpc"}),
    (NAT, {"allocationId": "", "subnetId": "", "connectivityType": "public"}),
    (TABLE, {"vpcId": ""}),
    (ROUTE, {"routeTableId": "", "destinationCidrBlock": "0.0.0.0/0", "gatewayId": ""}),
    (ROUTE, {"routeTableId": "", "destinationCidrBlock": "10.0.0.0/8", "natGatewayId": "nat-1"}),
    (ROUTE, {"routeTableId": "", "destinationIpv6CidrBlock": "::/0", "egressOnlyGatewayId": "eigw-1"}),
    (ASSOCIATION, {"subnetId": "", "routeTableId": ""}),
    (
        GROUP,
        {"name": "readback", "description": "d", "vpcId": "", "revokeRulesOnDelete": True},
    ),
    (GROUP, {"namePrefix": "readback-", "vpcId": ""}),
    *((token, rule) for token in (INGRESS, EGRESS) for rule in INWARDS),
    (ENDPOINT, {"vpcId": "", "serviceName": S3, "routeTableIds": [], "policy": network.allow("s3:GetObject")}),
    (
        ENDPOINT,
        {
            "vpcId": "", "serviceName": f"com.amazonaws.{REGION}.sqs", "vpcEndpointType": "Interface",
            "subnetIds": [], "securityGroupIds": [], "privateDnsEnabled": True,
        },
    ),
]  # fmt: skip


def dependencies(client: Clients) -> Iterator[dict[str, Any]]:
    """Create the resources that the cases refer to."""
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.8.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]
    whole = vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"]
    subnet = ec2.create_subnet(VpcId=vpc["VpcId"], CidrBlock="10.8.1.0/24")["Subnet"]["SubnetId"]
    allocation = ec2.allocate_address(Domain="vpc")["AllocationId"]
    table = ec2.create_route_table(VpcId=vpc["VpcId"])["RouteTable"]["RouteTableId"]
    group = ec2.create_security_group(GroupName="around", Description="d", VpcId=vpc["VpcId"])["GroupId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    yield {
        "vpcId": vpc["VpcId"], "subnetId": subnet, "subnetIds": [subnet], "allocationId": allocation,
        "routeTableId": table, "routeTableIds": [table], "securityGroupId": group, "securityGroupIds": [group],
        "referencedSecurityGroupId": group, "gatewayId": gateway,
        "ipv6CidrBlock": whole.replace("00::/56", "02::/64"),
    }  # fmt: skip
    ec2.delete_internet_gateway(InternetGatewayId=gateway)
    ec2.delete_security_group(GroupId=group)
    ec2.delete_route_table(RouteTableId=table)
    ec2.release_address(AllocationId=allocation)
    ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_vpc(VpcId=vpc["VpcId"])
