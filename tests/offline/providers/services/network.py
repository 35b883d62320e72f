"""Define cases for the network types: lifecycle drift and checks."""

from collections.abc import Callable
from typing import Any

from tests.offline.providers.services.network_adopted import create_all, delete_all, list_existing
from tests.offline.providers.services.network_cases import (
    ADDRESS,
    ASSOCIATION,
    CASES,
    EGRESS,
    EGRESS_ONLY,
    ENDPOINT,
    GATEWAY,
    GROUP,
    INGRESS,
    NAT,
    ROUTE,
    SUBNET,
    TABLE,
    VPC,
    dependencies,
)
from tests.offline.providers.subjects import Clients, Ids, Subject

__all__ = ["CASES", "SUBJECTS", "create_all", "delete_all", "dependencies", "list_existing"]


def tag_drift(token: str) -> dict[str, Any]:
    """Return the fields for a subject whose tags are the only thing that can drift."""

    def read_live(client: Clients, ids: Ids) -> object:
        found = client("ec2").describe_tags(Filters=[{"Name": "resource-id", "Values": [ids[token]]}])["Tags"]
        return sorted(tag["Key"] + tag["Value"] for tag in found)

    def cause_drift(client: Clients, ids: Ids) -> None:
        client("ec2").create_tags(Resources=[ids[token]], Tags=[{"Key": "stray", "Value": "x"}])

    return {"drifted": "tags", "cause_drift": cause_drift, "read_live": read_live}


def dns_support(client: Clients, ids: Ids) -> object:
    """Return whether DNS support is on in the VPC."""
    answer = client("ec2").describe_vpc_attribute(VpcId=ids[VPC], Attribute="enableDnsSupport")
    return answer["EnableDnsSupport"]["Value"]


def subnet_of(client: Clients, ids: Ids) -> dict[str, Any]:
    """Return the subnet."""
    found: dict[str, Any] = client("ec2").describe_subnets(SubnetIds=[ids[SUBNET]])["Subnets"][0]
    return found


def routes(client: Clients, ids: Ids) -> list[dict[str, Any]]:
    """Return the routes that were created."""
    (table,) = client("ec2").describe_route_tables(RouteTableIds=[ids[TABLE]])["RouteTables"]
    return [route for route in table["Routes"] if route["Origin"] == "CreateRoute"]


def reroute(client: Clients, ids: Ids) -> None:
    """Point the default route at another gateway."""
    client("ec2").replace_route(RouteTableId=ids[TABLE], DestinationCidrBlock="0.0.0.0/0", NatGatewayId="nat-stray")


def tables_of_subnet(client: Clients, ids: Ids) -> list[dict[str, Any]]:
    """Return the subnet's associations."""
    ((table),) = client("ec2").describe_route_tables(
        Filters=[{"Name": "association.subnet-id", "Values": [ids[SUBNET]]}]
    )["RouteTables"]
    return [one for one in table["Associations"] if one.get("SubnetId") == ids[SUBNET]]


def associated_tables(client: Clients, ids: Ids) -> object:
    """Return the subnet's route table."""
    return [one["RouteTableId"] for one in tables_of_subnet(client, ids)]


def move(client: Clients, ids: Ids) -> None:
    """Associate the subnet with another route table."""
    (found,) = tables_of_subnet(client, ids)
    client("ec2").replace_route_table_association(
        AssociationId=found["RouteTableAssociationId"], RouteTableId=ids[TABLE]
    )


def rule(token: str, name: str) -> Callable[[Clients, Ids], object]:
    """Return a function that reads a rule's property."""

    def read_live(client: Clients, ids: Ids) -> object:
        found = client("ec2").describe_security_group_rules(SecurityGroupRuleIds=[ids[token]])
        return found["SecurityGroupRules"][0].get(name)

    return read_live


def rewrite(token: str, **properties: Any) -> Callable[[Clients, Ids], object]:
    """Return a function that changes a rule."""
    return lambda client, ids: client("ec2").modify_security_group_rules(
        GroupId=ids[GROUP],
        SecurityGroupRules=[{"SecurityGroupRuleId": ids[token], "SecurityGroupRule": properties}],
    )


SUBJECTS: dict[str, Subject] = {
    VPC: Subject(
        updated=frozenset({"enableDnsHostnames", "enableDnsSupport", "tags", "tagsAll"}),
        replaced="cidrBlock",
        drifted="enableDnsSupport",
        cause_drift=lambda client, ids: client("ec2").modify_vpc_attribute(
            VpcId=ids[VPC], EnableDnsSupport={"Value": True}
        ),
        read_live=dns_support,
    ),
    SUBNET: Subject(
        updated=frozenset({"mapPublicIpOnLaunch", "assignIpv6AddressOnCreation"}),
        replaced="vpcId",
        drifted="assignIpv6AddressOnCreation",
        cause_drift=lambda client, ids: client("ec2").modify_subnet_attribute(
            SubnetId=ids[SUBNET], AssignIpv6AddressOnCreation={"Value": False}
        ),
        read_live=lambda client, ids: subnet_of(client, ids)["AssignIpv6AddressOnCreation"],
    ),
    GATEWAY: Subject(
        updated=frozenset({"tags", "tagsAll"}),
        replaced="region",
        drifted="vpcId",
        cause_drift=lambda client, ids: client("ec2").detach_internet_gateway(
            InternetGatewayId=ids[GATEWAY], VpcId=ids[VPC]
        ),
        read_live=lambda client, ids: client("ec2").describe_internet_gateways(InternetGatewayIds=[ids[GATEWAY]])[
            "InternetGateways"
        ][0]["Attachments"],
    ),
    EGRESS_ONLY: Subject(updated=frozenset({"tags", "tagsAll"}), replaced="vpcId", **tag_drift(EGRESS_ONLY)),
    ADDRESS: Subject(updated=frozenset({"tags", "tagsAll"}), replaced="region", **tag_drift(ADDRESS)),
    NAT: Subject(updated=frozenset({"tags", "tagsAll"}), replaced="subnetId", **tag_drift(NAT)),
    TABLE: Subject(updated=frozenset({"tags", "tagsAll"}), replaced="vpcId", **tag_drift(TABLE)),
    ROUTE: Subject(
        updated=frozenset({"gatewayId", "natGatewayId"}),
        replaced="routeTableId",
        drifted="natGatewayId",
        cause_drift=reroute,
        read_live=routes,
    ),
    ASSOCIATION: Subject(
        updated=frozenset({"routeTableId"}),
        replaced="subnetId",
        drifted="routeTableId",
        cause_drift=move,
        read_live=associated_tables,
    ),
    GROUP: Subject(updated=frozenset({"tags", "tagsAll"}), replaced="vpcId", **tag_drift(GROUP)),
    INGRESS: Subject(
        updated=frozenset({"fromPort", "toPort", "description"}),
        replaced="securityGroupId",
        drifted="toPort",
        cause_drift=rewrite(INGRESS, ToPort=99),
        read_live=rule(INGRESS, "ToPort"),
    ),
    EGRESS: Subject(
        updated=frozenset({"cidrIpv6"}),
        replaced="cidrIpv4",
        drifted="description",
        cause_drift=rewrite(EGRESS, Description="stray"),
        read_live=rule(EGRESS, "Description"),
    ),
    ENDPOINT: Subject(
        updated=frozenset({"policy"}),
        replaced="vpcId",
        drifted="routeTableIds",
        cause_drift=lambda client, ids: client("ec2").modify_vpc_endpoint(
            VpcEndpointId=ids[ENDPOINT], AddRouteTableIds=["rtb-stray"]
        ),
        read_live=lambda client, ids: client("ec2").describe_vpc_endpoints(VpcEndpointIds=[ids[ENDPOINT]])[
            "VpcEndpoints"
        ][0]["RouteTableIds"],
    ),
}
