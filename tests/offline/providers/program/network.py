"""Declare the program's network, and its resources' arguments in every variant."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws

Arguments = dict[str, dict[str, Any]]


def allow(action: str) -> str:
    """Return an endpoint's policy."""
    statement = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


TEAM = {"tags": {"team": "a"}}
BASE: Arguments = {
    "Vpc": {
        "cidr_block": "10.0.0.0/16", "assign_generated_ipv6_cidr_block": True, "enable_dns_hostnames": True, **TEAM,
    },
    "Subnet": {"cidr_block": "10.0.1.0/24", "availability_zone": "eu-central-1a", **TEAM},
    "InternetGateway": TEAM,
    "EgressOnlyInternetGateway": TEAM,
    "Eip": {"domain": "vpc", **TEAM},
    "NatGateway": {"connectivity_type": "private", **TEAM},
    "RouteTable": TEAM,
    "Route": {"destination_cidr_block": "0.0.0.0/0", "by": "gateway_id"},
    "RouteTableAssociation": {"to": "own"},
    "SecurityGroup": {"revoke_rules_on_delete": True, **TEAM},
    "SecurityGroupIngressRule": {"ip_protocol": "tcp", "from_port": 443, "to_port": 443, "description": "a", **TEAM},
    "SecurityGroupEgressRule": {"ip_protocol": "-1", "cidr_ipv6": "::/0", "description": "a", **TEAM},
    "VpcEndpoint": {"service_name": "com.amazonaws.eu-central-1.s3", "policy": allow("s3:GetObject"), **TEAM},
}  # fmt: skip

UPDATE: Arguments = {
    "Vpc": {"enable_dns_hostnames": False, "enable_dns_support": False, "tags": {"crew": "b"}},
    "Subnet": {"map_public_ip_on_launch": True, "assign_ipv6_address_on_creation": True},
    "InternetGateway": {"tags": None},
    "EgressOnlyInternetGateway": {"tags": {"team": "b"}},
    "Eip": {"tags": {"team": "b"}},
    "NatGateway": {"tags": {"team": "b"}},
    "RouteTable": {"tags": {"team": "b"}},
    "Route": {"by": "nat_gateway_id"},
    "RouteTableAssociation": {"to": "main"},
    "SecurityGroup": {"tags": {"team": "b"}},
    "SecurityGroupIngressRule": {"from_port": 80, "to_port": 81, "description": None},
    "SecurityGroupEgressRule": {"cidr_ipv6": "2001:db8::/32"},
    "VpcEndpoint": {"policy": allow("s3:PutObject")},
}

REPLACE: Arguments = {
    "Vpc": {"cidr_block": "10.1.0.0/16"},
    "Subnet": {"cidr_block": "10.1.1.0/24"},
    "InternetGateway": {"region": "eu-west-1"},
    "Eip": {"region": "eu-west-1"},
    "SecurityGroupEgressRule": {"cidr_ipv6": None, "cidr_ipv4": "0.0.0.0/0"},
}

ADOPT: Arguments = {"SecurityGroup": {"name": "adopt-group", "description": "adopt", "revoke_rules_on_delete": None}}


def deploy(given: Arguments) -> None:
    """Deploy the network."""
    vpc = aws.ec2.Vpc("main", **given["Vpc"])
    subnet = aws.ec2.Subnet(
        "main",
        vpc_id=vpc.id,
        ipv6_cidr_block=vpc.ipv6_cidr_block.apply(lambda block: block.replace("00::/56", "01::/64")),
        **given["Subnet"],
    )
    gateway = aws.ec2.InternetGateway("main", vpc_id=vpc.id, **given["InternetGateway"])
    aws.ec2.EgressOnlyInternetGateway("main", vpc_id=vpc.id, **given["EgressOnlyInternetGateway"])
    aws.ec2.Eip("main", **given["Eip"])
    nat = aws.ec2.NatGateway("main", subnet_id=subnet.id, **given["NatGateway"])
    table = aws.ec2.RouteTable("main", vpc_id=vpc.id, **given["RouteTable"])
    hops = {"gateway_id": gateway.id, "nat_gateway_id": nat.id}
    route: dict[str, Any] = dict(given["Route"])
    by = route.pop("by")
    route[by] = hops[by]
    aws.ec2.Route("main", route_table_id=table.id, **route)
    tables = {"own": table.id, "main": vpc.main_route_table_id}
    aws.ec2.RouteTableAssociation(
        "main", subnet_id=subnet.id, route_table_id=tables[given["RouteTableAssociation"]["to"]]
    )
    aws.ec2.VpcEndpoint("main", vpc_id=vpc.id, route_table_ids=[table.id], **given["VpcEndpoint"])
    _rules(vpc, given)


def _rules(vpc: aws.ec2.Vpc, given: Arguments) -> None:
    group = aws.ec2.SecurityGroup("main", vpc_id=vpc.id, **given["SecurityGroup"])
    aws.vpc.SecurityGroupIngressRule(
        "main",
        security_group_id=group.id,
        referenced_security_group_id=group.id,
        **given["SecurityGroupIngressRule"],
    )
    aws.vpc.SecurityGroupEgressRule("main", security_group_id=group.id, **given["SecurityGroupEgressRule"])
    pulumi.export("block", vpc.ipv6_cidr_block)
