"""Implement aws:ec2 Elastic IP addresses, NAT gateways, route tables, routes, and route table associations."""

import ipaddress
import zlib
from typing import Any

from intermodal_offline.providers import wire
from intermodal_offline.providers.aws import ec2
from intermodal_offline.providers.cloud import dns_suffix
from intermodal_offline.providers.table import Call, Field, Row, fields
from intermodal_offline.providers.values import Props

SECONDS = 300.0

ADDRESS = fields(domain="Domain")


def read_address(call: Call) -> Props | None:
    found = ec2.only(call.client.describe_addresses(AllocationIds=[call.id])["Addresses"])
    if found is None:
        return None
    zone = "compute-1" if call.region == "us-east-1" else f"{call.region}.compute"
    public = str(found["PublicIp"])
    return {
        **wire.from_api(ADDRESS, found), "allocationId": call.id, "publicIp": public,
        "publicDns": f"ec2-{public.replace('.', '-')}.{zone}.{dns_suffix(call.region)}",
        "associationId": found.get("AssociationId", ""), "privateIp": found.get("PrivateIpAddress", ""),
        "networkInterface": found.get("NetworkInterfaceId", ""), "instance": found.get("InstanceId", ""),
        "arn": ec2.arn(call, call.cloud.arn_account, f"elastic-ip/{call.id}"),
    }  # fmt: skip


NAT = fields(allocationId="AllocationId", subnetId="SubnetId", connectivityType="ConnectivityType")


def create_nat(call: Call) -> str:
    return str(call.client.create_nat_gateway(**wire.to_api(NAT, call.props))["NatGateway"]["NatGatewayId"])


def the_nat(call: Call) -> dict[str, Any] | None:
    found = ec2.only(call.client.describe_nat_gateways(NatGatewayIds=[call.id])["NatGateways"])
    return None if found is None or found["State"] == "deleted" else found


def settle_nat(call: Call) -> None:
    call.wait(f"{call.id} to become available", SECONDS, lambda: (the_nat(call) or {}).get("State") == "available")


def read_nat(call: Call) -> Props | None:
    found = the_nat(call)
    if found is None:
        return None
    first: dict[str, Any] = next(iter(found["NatGatewayAddresses"]), {})
    return {
        **wire.from_api(NAT, found), "allocationId": first.get("AllocationId"), "publicIp": first.get("PublicIp"),
        "privateIp": first.get("PrivateIp"), "networkInterfaceId": first.get("NetworkInterfaceId"),
        "associationId": first.get("AssociationId"), "vpcId": found["VpcId"],
    }  # fmt: skip


def delete_nat(call: Call) -> None:
    call.client.delete_nat_gateway(NatGatewayId=call.id)
    call.wait(f"{call.id} to be deleted", SECONDS, lambda: the_nat(call) is None)


def the_table(call: Call, identity: str) -> dict[str, Any] | None:
    return ec2.only(call.client.describe_route_tables(RouteTableIds=[identity])["RouteTables"])


def read_table(call: Call) -> Props | None:
    found = the_table(call, call.id)
    if found is None:
        return None
    owner = found["OwnerId"]
    return {"vpcId": found["VpcId"], "arn": ec2.arn(call, owner, f"route-table/{call.id}"), "ownerId": owner}


def network(block: Any) -> Any:
    """Return an IPv6 CIDR block in canonical form."""
    try:
        return str(ipaddress.IPv6Network(block))
    except ValueError:
        return block


ROUTE = fields(
    routeTableId="RouteTableId",
    destinationCidrBlock="DestinationCidrBlock",
    destinationIpv6CidrBlock=Field(wire="DestinationIpv6CidrBlock", normal=network),
    gatewayId="GatewayId",
    natGatewayId="NatGatewayId",
    egressOnlyGatewayId="EgressOnlyInternetGatewayId",
)
DESTINATIONS = ("destinationCidrBlock", "destinationIpv6CidrBlock")
HOPS = ("gatewayId", "natGatewayId", "egressOnlyGatewayId")


def route_id(props: Props) -> str:
    destination = next(props[name] for name in DESTINATIONS if props.get(name))
    return f"r-{props['routeTableId']}{zlib.crc32(destination.encode())}"


def route_key(identity: str) -> Props:
    table, _, destination = identity.partition("_")
    return {"routeTableId": table, DESTINATIONS[":" in destination]: destination}


def create_route(call: Call) -> str:
    call.client.create_route(**wire.to_api(ROUTE, call.props))
    return route_id(call.props)


def read_route(call: Call) -> Props | None:
    key = {name: value for name in ("routeTableId", *DESTINATIONS) if (value := call.props.get(name))}
    call.id = route_id(key)  # an import ID has a different format
    table = the_table(call, key["routeTableId"]) or {"Routes": []}
    for found in table["Routes"]:
        live = wire.from_api(ROUTE, found)
        if all(network(live.get(name)) == network(key.get(name)) for name in DESTINATIONS):
            return {**live, **key, "state": found["State"], "origin": found["Origin"]}
    return None


def delete_route(call: Call) -> None:
    key = {name: ROUTE[name] for name in ("routeTableId", *DESTINATIONS)}
    call.client.delete_route(**wire.to_api(key, call.props))


def route_rules(inputs: Props) -> list[tuple[str, str]]:
    return [
        (names[0], f"a route requires exactly one of {', '.join(names)}; set one.")
        for names in (DESTINATIONS, HOPS)
        if sum(bool(inputs.get(name)) for name in names) != 1
    ]


ASSOCIATION = fields(subnetId="SubnetId", routeTableId="RouteTableId")


def create_association(call: Call) -> str:
    return str(call.client.associate_route_table(**wire.to_api(ASSOCIATION, call.props))["AssociationId"])


def association_key(identity: str) -> Props:
    subnet, _, table = identity.partition("/")
    return {"subnetId": subnet, "routeTableId": table}


def the_association(call: Call) -> dict[str, Any] | None:
    """Return the subnet's only association, or None; its ID changes when it moves to another route table."""
    subnet = call.props["subnetId"]
    for table in call.client.describe_route_tables(Filters=ec2.filters(**{"association.subnet-id": subnet}))[
        "RouteTables"
    ]:
        for found in table["Associations"]:
            if found.get("SubnetId") == subnet:
                return dict(found)
    return None


def read_association(call: Call) -> Props | None:
    found = the_association(call)
    if found is None:
        return None
    call.id = found["RouteTableAssociationId"]
    return wire.from_api(ASSOCIATION, found)


def move_association(call: Call, _: frozenset[str]) -> None:
    found = the_association(call) or {"RouteTableAssociationId": call.id}
    call.client.replace_route_table_association(
        AssociationId=found["RouteTableAssociationId"], RouteTableId=call.props["routeTableId"]
    )


def delete_association(call: Call) -> None:
    if found := the_association(call):
        call.client.disassociate_route_table(AssociationId=found["RouteTableAssociationId"])


ROWS = {
    "aws:ec2/eip:Eip": Row(
        service="ec2",
        inputs=ADDRESS,
        create=lambda call: str(call.client.allocate_address(**wire.to_api(ADDRESS, call.props))["AllocationId"]),
        read=read_address,
        delete=lambda call: call.client.release_address(AllocationId=call.id),
        tagging=ec2.TAGGING,
        gone=frozenset({"InvalidAllocationID.NotFound"}),
    ),
    "aws:ec2/natGateway:NatGateway": Row(
        service="ec2",
        inputs=NAT,
        create=create_nat,
        settle=settle_nat,
        read=read_nat,
        delete=delete_nat,
        tagging=ec2.TAGGING,
        gone=frozenset({"NatGatewayNotFound"}),
    ),
    "aws:ec2/routeTable:RouteTable": Row(
        service="ec2",
        inputs=fields(vpcId=Field()),
        create=lambda call: str(
            call.client.create_route_table(VpcId=call.props["vpcId"])["RouteTable"]["RouteTableId"]
        ),
        read=read_table,
        delete=lambda call: call.client.delete_route_table(RouteTableId=call.id),
        tagging=ec2.TAGGING,
        gone=frozenset({"InvalidRouteTableID.NotFound"}),
    ),
    "aws:ec2/route:Route": Row(
        service="ec2",
        inputs=ROUTE,
        create=create_route,
        read=read_route,
        update=lambda call, changed: call.client.replace_route(**wire.to_api(ROUTE, call.props)),  # noqa: ARG005
        delete=delete_route,
        identify=route_key,
        gone=frozenset({"InvalidRouteTableID.NotFound", "InvalidRoute.NotFound"}),
        rules=route_rules,
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": Row(
        service="ec2",
        inputs=ASSOCIATION,
        create=create_association,
        read=read_association,
        update=move_association,
        delete=delete_association,
        identify=association_key,
    ),
}
