"""Implement aws:ec2 VPCs, subnets, and internet gateways."""

from collections.abc import Callable
from typing import Any

from intermodal_offline.providers import wire
from intermodal_offline.providers.aws import ec2
from intermodal_offline.providers.table import Call, Field, Row, fields
from intermodal_offline.providers.values import Props

VPC = fields(
    cidrBlock="CidrBlock",
    assignGeneratedIpv6CidrBlock="AmazonProvidedIpv6CidrBlock",
    enableDnsSupport=Field(),
    enableDnsHostnames=Field(),
)
DNS = {"enableDnsSupport": "EnableDnsSupport", "enableDnsHostnames": "EnableDnsHostnames"}


def create_vpc(call: Call) -> str:
    return str(call.client.create_vpc(**wire.to_api(VPC, call.props))["Vpc"]["VpcId"])


def settle_vpc(call: Call) -> None:
    write_dns(call, frozenset(DNS))


def write_dns(call: Call, changed: frozenset[str]) -> None:
    for name in DNS.keys() & changed:  # the API accepts one attribute per call
        value = {"Value": bool(call.props.get(name))}
        call.client.modify_vpc_attribute(VpcId=call.id, **{DNS[name]: value})


def ipv6(owner: dict[str, Any], state: str) -> dict[str, Any]:
    """Return a VPC's or subnet's IPv6 association, or an empty dict if it has none."""
    for one in owner.get("Ipv6CidrBlockAssociationSet", []):
        if one[state]["State"] in {"associating", "associated"}:
            return dict(one)
    return {}


def the_vpc(call: Call) -> dict[str, Any] | None:
    return ec2.only(call.client.describe_vpcs(VpcIds=[call.id])["Vpcs"])


def read_vpc(call: Call) -> Props | None:
    found = the_vpc(call)
    if found is None:
        return None
    dns = {
        name: call.client.describe_vpc_attribute(VpcId=call.id, Attribute=name)[key]["Value"]
        for name, key in DNS.items()
    }
    block, here = ipv6(found, "Ipv6CidrBlockState"), {"vpc_id": call.id}
    acl = call.client.describe_network_acls(Filters=ec2.filters(default="true", **here))["NetworkAcls"][0]
    groups = call.client.describe_security_groups(Filters=ec2.filters(group_name="default", **here))["SecurityGroups"]
    main = call.client.describe_route_tables(Filters=ec2.filters(**{"association.main": "true"}, **here))["RouteTables"]
    table = main[0]["RouteTableId"]
    return {
        **wire.from_api(VPC, found), **dns, "assignGeneratedIpv6CidrBlock": block.get("Ipv6Pool") == "Amazon",
        "ipv6CidrBlock": block.get("Ipv6CidrBlock", ""), "ipv6AssociationId": block.get("AssociationId", ""),
        "arn": ec2.arn(call, found["OwnerId"], f"vpc/{call.id}"), "ownerId": found["OwnerId"],
        "dhcpOptionsId": found["DhcpOptionsId"], "instanceTenancy": found["InstanceTenancy"],
        "defaultNetworkAclId": acl["NetworkAclId"], "defaultSecurityGroupId": groups[0]["GroupId"],
        "defaultRouteTableId": table, "mainRouteTableId": table,
    }  # fmt: skip


def update_vpc(call: Call, changed: frozenset[str]) -> None:
    write_dns(call, changed)
    if "assignGeneratedIpv6CidrBlock" in changed:
        block = ipv6(the_vpc(call) or {}, "Ipv6CidrBlockState")
        if call.props.get("assignGeneratedIpv6CidrBlock") and not block:
            call.client.associate_vpc_cidr_block(VpcId=call.id, AmazonProvidedIpv6CidrBlock=True)
        elif block and not call.props.get("assignGeneratedIpv6CidrBlock"):
            call.client.disassociate_vpc_cidr_block(AssociationId=block["AssociationId"])


def moves(name: str, *outputs: str) -> Callable[[Props, Props], tuple[str, ...]]:
    """Return a function that returns the outputs that change when the input `name` changes."""
    return lambda olds, news: () if (olds.get(name) or None) == (news.get(name) or None) else outputs


SUBNET = fields(
    vpcId="VpcId",
    cidrBlock="CidrBlock",
    availabilityZone="AvailabilityZone",
    ipv6CidrBlock="Ipv6CidrBlock",
    mapPublicIpOnLaunch=Field(),
    assignIpv6AddressOnCreation=Field(),
)
LAUNCH = {
    "mapPublicIpOnLaunch": "MapPublicIpOnLaunch",
    "assignIpv6AddressOnCreation": "AssignIpv6AddressOnCreation",
}


def create_subnet(call: Call) -> str:
    return str(call.client.create_subnet(**wire.to_api(SUBNET, call.props))["Subnet"]["SubnetId"])


def settle_subnet(call: Call) -> None:
    write_launch(call, frozenset(name for name in LAUNCH if call.props.get(name)))


def write_launch(call: Call, changed: frozenset[str]) -> None:
    for name in LAUNCH.keys() & changed:
        value = {"Value": bool(call.props.get(name))}
        call.client.modify_subnet_attribute(SubnetId=call.id, **{LAUNCH[name]: value})


def the_subnet(call: Call) -> dict[str, Any] | None:
    return ec2.only(call.client.describe_subnets(SubnetIds=[call.id])["Subnets"])


def read_subnet(call: Call) -> Props | None:
    found = the_subnet(call)
    if found is None:
        return None
    block = ipv6(found, "Ipv6CidrBlockState")
    return {
        **wire.from_api(SUBNET, found), **{name: found[key] for name, key in LAUNCH.items()},
        "ipv6CidrBlock": block.get("Ipv6CidrBlock", ""), "ipv6CidrBlockAssociationId": block.get("AssociationId", ""),
        "arn": found["SubnetArn"], "ownerId": found["OwnerId"], "availabilityZoneId": found["AvailabilityZoneId"],
    }  # fmt: skip


def update_subnet(call: Call, changed: frozenset[str]) -> None:
    # Instances get addresses from the IPv6 block, so associate it before changing the launch attributes.
    if "ipv6CidrBlock" in changed:
        block = ipv6(the_subnet(call) or {}, "Ipv6CidrBlockState")
        if block:
            call.client.disassociate_subnet_cidr_block(AssociationId=block["AssociationId"])
        if new := call.props.get("ipv6CidrBlock"):
            call.client.associate_subnet_cidr_block(SubnetId=call.id, Ipv6CidrBlock=new)
    write_launch(call, changed)


def attached_vpc(found: dict[str, Any]) -> str:
    """Return the ID of the VPC to which a gateway is attached, or an empty string if it is detached."""
    return next((str(one["VpcId"]) for one in found["Attachments"]), "")


def the_gateway(call: Call) -> dict[str, Any] | None:
    return ec2.only(call.client.describe_internet_gateways(InternetGatewayIds=[call.id])["InternetGateways"])


def attach(call: Call, *_: Any) -> None:
    found = the_gateway(call)
    before, after = attached_vpc(found) if found else "", call.props.get("vpcId")
    if before:
        call.client.detach_internet_gateway(InternetGatewayId=call.id, VpcId=before)
    if after:
        call.client.attach_internet_gateway(InternetGatewayId=call.id, VpcId=after)


def read_gateway(call: Call) -> Props | None:
    found = the_gateway(call)
    if found is None:
        return None
    owner = found["OwnerId"]
    return {"vpcId": attached_vpc(found), "arn": ec2.arn(call, owner, f"internet-gateway/{call.id}"), "ownerId": owner}


def delete_gateway(call: Call) -> None:
    found = the_gateway(call)
    if found and (vpc := attached_vpc(found)):
        call.client.detach_internet_gateway(InternetGatewayId=call.id, VpcId=vpc)
    call.client.delete_internet_gateway(InternetGatewayId=call.id)


def create_egress_only(call: Call) -> str:
    made = call.client.create_egress_only_internet_gateway(VpcId=call.props["vpcId"])
    return str(made["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"])


def read_egress_only(call: Call) -> Props | None:
    answer = call.client.describe_egress_only_internet_gateways(EgressOnlyInternetGatewayIds=[call.id])
    found = ec2.only(answer["EgressOnlyInternetGateways"])
    return {"vpcId": attached_vpc(found)} if found else None


ROWS = {
    "aws:ec2/vpc:Vpc": Row(
        service="ec2",
        inputs=VPC,
        create=create_vpc,
        settle=settle_vpc,
        read=read_vpc,
        update=update_vpc,
        delete=lambda call: call.client.delete_vpc(VpcId=call.id),
        tagging=ec2.TAGGING,
        gone=frozenset({"InvalidVpcID.NotFound"}),
        volatile=moves("assignGeneratedIpv6CidrBlock", "ipv6CidrBlock", "ipv6AssociationId"),
    ),
    "aws:ec2/subnet:Subnet": Row(
        service="ec2",
        inputs=SUBNET,
        create=create_subnet,
        settle=settle_subnet,
        read=read_subnet,
        update=update_subnet,
        delete=lambda call: call.client.delete_subnet(SubnetId=call.id),
        tagging=ec2.TAGGING,
        gone=frozenset({"InvalidSubnetID.NotFound"}),
        volatile=moves("ipv6CidrBlock", "ipv6CidrBlockAssociationId"),
        # A block cannot be disassociated while interfaces get addresses from it.
        replaced_if={"ipv6CidrBlock": lambda olds, news: bool(olds.get("assignIpv6AddressOnCreation"))},  # noqa: ARG005
    ),
    "aws:ec2/internetGateway:InternetGateway": Row(
        service="ec2",
        inputs=fields(vpcId=Field()),
        create=lambda call: str(call.client.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]),
        settle=attach,
        read=read_gateway,
        update=attach,
        delete=delete_gateway,
        tagging=ec2.TAGGING,
        gone=frozenset({"InvalidInternetGatewayID.NotFound"}),
    ),
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": Row(
        service="ec2",
        inputs=fields(vpcId=Field()),
        create=create_egress_only,
        read=read_egress_only,
        delete=lambda call: call.client.delete_egress_only_internet_gateway(EgressOnlyInternetGatewayId=call.id),
        tagging=ec2.TAGGING,
        gone=frozenset({"InvalidGatewayID.NotFound"}),
    ),
}
