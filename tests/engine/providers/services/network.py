"""Types of a network: every input, what the walk does to each, and one network that somebody else made."""

from collections.abc import Callable, Iterator
from typing import Any

from local.providers.values import Props
from tests.engine.providers.program import network
from tests.engine.providers.stack import REGION
from tests.engine.providers.subjects import Clients, Ids, Subject

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
# "" and [] stand for what `around` makes.
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


def around(client: Clients) -> Iterator[dict[str, Any]]:
    """What the cases refer to."""
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


def tagged(token: str) -> dict[str, Any]:
    """A type whose tags are all that can drift."""

    def look(client: Clients, ids: Ids) -> object:
        found = client("ec2").describe_tags(Filters=[{"Name": "resource-id", "Values": [ids[token]]}])["Tags"]
        return sorted(tag["Key"] + tag["Value"] for tag in found)

    def damage(client: Clients, ids: Ids) -> None:
        client("ec2").create_tags(Resources=[ids[token]], Tags=[{"Key": "stray", "Value": "x"}])

    return {"drifted": "tags", "damage": damage, "look": look}


def dns_support(client: Clients, ids: Ids) -> object:
    """Whether the VPC resolves names."""
    answer = client("ec2").describe_vpc_attribute(VpcId=ids[VPC], Attribute="enableDnsSupport")
    return answer["EnableDnsSupport"]["Value"]


def subnet_of(client: Clients, ids: Ids) -> dict[str, Any]:
    """The subnet."""
    found: dict[str, Any] = client("ec2").describe_subnets(SubnetIds=[ids[SUBNET]])["Subnets"][0]
    return found


def routes(client: Clients, ids: Ids) -> list[dict[str, Any]]:
    """Routes that were made."""
    (table,) = client("ec2").describe_route_tables(RouteTableIds=[ids[TABLE]])["RouteTables"]
    return [route for route in table["Routes"] if route["Origin"] == "CreateRoute"]


def reroute(client: Clients, ids: Ids) -> None:
    """Send the default route another way."""
    client("ec2").replace_route(RouteTableId=ids[TABLE], DestinationCidrBlock="0.0.0.0/0", NatGatewayId="nat-stray")


def tables_of_subnet(client: Clients, ids: Ids) -> list[dict[str, Any]]:
    """Associations of the subnet."""
    ((table),) = client("ec2").describe_route_tables(
        Filters=[{"Name": "association.subnet-id", "Values": [ids[SUBNET]]}]
    )["RouteTables"]
    return [one for one in table["Associations"] if one.get("SubnetId") == ids[SUBNET]]


def associated(client: Clients, ids: Ids) -> object:
    """The table of the subnet."""
    return [one["RouteTableId"] for one in tables_of_subnet(client, ids)]


def move(client: Clients, ids: Ids) -> None:
    """Give the subnet another table."""
    (found,) = tables_of_subnet(client, ids)
    client("ec2").replace_route_table_association(
        AssociationId=found["RouteTableAssociationId"], RouteTableId=ids[TABLE]
    )


def rule(token: str, name: str) -> Callable[[Clients, Ids], object]:
    """Reads a rule's property."""

    def look(client: Clients, ids: Ids) -> object:
        found = client("ec2").describe_security_group_rules(SecurityGroupRuleIds=[ids[token]])
        return found["SecurityGroupRules"][0].get(name)

    return look


def rewrite(token: str, **properties: Any) -> Callable[[Clients, Ids], object]:
    """Changes a rule."""
    return lambda client, ids: client("ec2").modify_security_group_rules(
        GroupId=ids[GROUP],
        SecurityGroupRules=[{"SecurityGroupRuleId": ids[token], "SecurityGroupRule": properties}],
    )


SUBJECTS: dict[str, Subject] = {
    VPC: Subject(
        updated=frozenset({"enableDnsHostnames", "enableDnsSupport", "tags", "tagsAll"}),
        replaced="cidrBlock",
        drifted="enableDnsSupport",
        damage=lambda client, ids: client("ec2").modify_vpc_attribute(VpcId=ids[VPC], EnableDnsSupport={"Value": True}),
        look=dns_support,
    ),
    SUBNET: Subject(
        updated=frozenset({"mapPublicIpOnLaunch", "assignIpv6AddressOnCreation"}),
        replaced="vpcId",
        drifted="assignIpv6AddressOnCreation",
        damage=lambda client, ids: client("ec2").modify_subnet_attribute(
            SubnetId=ids[SUBNET], AssignIpv6AddressOnCreation={"Value": False}
        ),
        look=lambda client, ids: subnet_of(client, ids)["AssignIpv6AddressOnCreation"],
    ),
    GATEWAY: Subject(
        updated=frozenset({"tags", "tagsAll"}),
        replaced="region",
        drifted="vpcId",
        damage=lambda client, ids: client("ec2").detach_internet_gateway(
            InternetGatewayId=ids[GATEWAY], VpcId=ids[VPC]
        ),
        look=lambda client, ids: client("ec2").describe_internet_gateways(InternetGatewayIds=[ids[GATEWAY]])[
            "InternetGateways"
        ][0]["Attachments"],
    ),
    EGRESS_ONLY: Subject(updated=frozenset({"tags", "tagsAll"}), replaced="vpcId", **tagged(EGRESS_ONLY)),
    ADDRESS: Subject(updated=frozenset({"tags", "tagsAll"}), replaced="region", **tagged(ADDRESS)),
    NAT: Subject(updated=frozenset({"tags", "tagsAll"}), replaced="subnetId", **tagged(NAT)),
    TABLE: Subject(updated=frozenset({"tags", "tagsAll"}), replaced="vpcId", **tagged(TABLE)),
    ROUTE: Subject(
        updated=frozenset({"gatewayId", "natGatewayId"}),
        replaced="routeTableId",
        drifted="natGatewayId",
        damage=reroute,
        look=routes,
    ),
    ASSOCIATION: Subject(
        updated=frozenset({"routeTableId"}), replaced="subnetId", drifted="routeTableId", damage=move, look=associated
    ),
    GROUP: Subject(updated=frozenset({"tags", "tagsAll"}), replaced="vpcId", **tagged(GROUP)),
    INGRESS: Subject(
        updated=frozenset({"fromPort", "toPort", "description"}),
        replaced="securityGroupId",
        drifted="toPort",
        damage=rewrite(INGRESS, ToPort=99),
        look=rule(INGRESS, "ToPort"),
    ),
    EGRESS: Subject(
        updated=frozenset({"cidrIpv6"}),
        replaced="cidrIpv4",
        drifted="description",
        damage=rewrite(EGRESS, Description="stray"),
        look=rule(EGRESS, "Description"),
    ),
    ENDPOINT: Subject(
        updated=frozenset({"policy"}),
        replaced="vpcId",
        drifted="routeTableIds",
        damage=lambda client, ids: client("ec2").modify_vpc_endpoint(
            VpcEndpointId=ids[ENDPOINT], AddRouteTableIds=["rtb-stray"]
        ),
        look=lambda client, ids: client("ec2").describe_vpc_endpoints(VpcEndpointIds=[ids[ENDPOINT]])["VpcEndpoints"][
            0
        ]["RouteTableIds"],
    ),
}


def make(client: Clients) -> dict[str, str]:
    """A network, as the variant `adopt` describes it; returns the import ids."""
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
    """A security group with two rules."""
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


def vanish(client: Clients, ids: Ids) -> None:
    """Take it away again."""
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


def left(client: Clients) -> dict[str, list[str]]:
    """What exists beyond the default network of the account."""
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
