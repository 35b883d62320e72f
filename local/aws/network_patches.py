"""Where ministack's EC2 loses what it is given: routes, addresses of NAT gateways, endpoints, prefix lists in rules.

See `local.aws.patches`.
"""

import ipaddress
import re
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from local.aws.ec2_patching import EC2, Answer, accepted, made_id, refused, serve, within

EXPECTED: dict[tuple[str, str], Sequence[str]] = {
    (EC2, "_create_route"): ("p",),
    (EC2, "_replace_route"): ("p",),
    (EC2, "_delete_route"): ("p",),
    (EC2, "_create_nat_gateway"): ("params",),
    (EC2, "_describe_nat_gateways"): ("params",),
    (EC2, "_create_vpc_endpoint"): ("p",),
    (EC2, "_modify_vpc_endpoint"): ("p",),
    (EC2, "_vpce_fields_xml"): ("ep", "tag"),
    (EC2, "_parse_ip_permissions"): ("params", "prefix"),
    (EC2, "_sg_rule_xml"): ("sg_id", "rule", "is_egress"),
    (EC2, "_parse_member_list"): ("params", "prefix"),
}


def apply() -> None:
    """Patch ministack in this process."""
    ec2 = import_module(EC2)
    _keep_every_route(ec2)
    _give_nat_gateways_addresses(ec2)
    _keep_endpoints_whole(ec2)
    _keep_prefix_lists_of_rules(ec2)


DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
HOPS = (
    "GatewayId", "NatGatewayId", "EgressOnlyInternetGatewayId", "InstanceId", "NetworkInterfaceId",
    "VpcPeeringConnectionId", "TransitGatewayId", "VpcEndpointId",
)  # fmt: skip


def _keep_every_route(ec2: Any) -> None:
    """Routes to IPv6 blocks and prefix lists, and by egress-only gateways; one route per destination."""

    def handler(action: str, *, old: bool, new: bool) -> Callable[[Any], Answer]:
        def handle(p: Any) -> Answer:
            given = {name: ec2._p(p, name) for name in (*DESTINATIONS, *HOPS) if ec2._p(p, name)}
            where = {name: given[name] for name in DESTINATIONS if name in given}
            table = ec2._route_tables.get(ec2._p(p, "RouteTableId"))
            if table is None:
                return refused(ec2, "InvalidRouteTableID.NotFound", "The route table does not exist")
            found = [route for route in table["Routes"] if where.items() <= route.items()]
            if bool(found) != old:
                code = "InvalidRoute.NotFound" if old else "RouteAlreadyExists"
                return refused(ec2, code, f"The route identified by {where} was {'not ' * old}found.")
            made = [{**given, "State": "active", "Origin": "CreateRoute"}] if new else []
            table["Routes"] = [route for route in table["Routes"] if route not in found] + made
            return accepted(ec2, action, "<return>true</return>")

        return handle

    serve(ec2, "CreateRoute", handler("CreateRoute", old=False, new=True))
    serve(ec2, "ReplaceRoute", handler("ReplaceRoute", old=True, new=True))
    serve(ec2, "DeleteRoute", handler("DeleteRoute", old=True, new=False))


def _give_nat_gateways_addresses(ec2: Any) -> None:
    """The addresses of a NAT gateway, with the allocation it was made with."""
    create, describe = ec2._create_nat_gateway, ec2._describe_nat_gateways

    def address(nat: dict[str, Any]) -> str:
        digits, allocation = nat["NatGatewayId"].removeprefix("nat-"), nat["AllocationId"]
        public = ec2._addresses.get(allocation, {}).get("PublicIp")
        mine = f"<allocationId>{allocation}</allocationId><associationId>eipassoc-{digits}</associationId>"
        shown = mine + (f"<publicIp>{public}</publicIp>" if public else "") if allocation else ""
        first = ec2._subnets.get(nat["SubnetId"], {}).get("CidrBlock", "10.0.0.0/24")
        private = ipaddress.ip_network(first, strict=False)[4 + int(digits[:2], 16) % 8]
        return (
            f"<natGatewayAddressSet><item>{shown}<networkInterfaceId>eni-{digits}</networkInterfaceId>"
            f"<privateIp>{private}</privateIp><isPrimary>true</isPrimary><status>succeeded</status>"
            "</item></natGatewayAddressSet>"
        )

    def filled(answer: Answer) -> Answer:
        status, headers, body = answer
        ids = re.findall("<natGatewayId>([^<]+)</natGatewayId>", text := body.decode())
        for one in ids:
            text = text.replace("<natGatewayAddressSet/>", address(ec2._nat_gateways[one]), 1)
        return status, headers, text.encode()

    serve(ec2, "CreateNatGateway", lambda params: filled(create(params)))
    serve(ec2, "DescribeNatGateways", lambda params: filled(describe(params)))


def _keep_endpoints_whole(ec2: Any) -> None:
    """Security groups, policy and private DNS of an endpoint."""
    create, modify, fields_xml = ec2._create_vpc_endpoint, ec2._modify_vpc_endpoint, ec2._vpce_fields_xml
    everything = '{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]}'

    def keep(endpoint: dict[str, Any], p: Any) -> None:
        for parameter, name in (("PolicyDocument", "PolicyDocument"), ("PrivateDnsEnabled", "PrivateDnsEnabled")):
            if value := ec2._p(p, parameter):
                endpoint[name] = value
        if ec2._p(p, "ResetPolicy") == "true":
            endpoint["PolicyDocument"] = everything
        kept = [g for g in endpoint.get("Groups", []) if g not in ec2._parse_member_list(p, "RemoveSecurityGroupId")]
        endpoint["Groups"] = kept + [
            g for parameter in ("SecurityGroupId", "AddSecurityGroupId") for g in ec2._parse_member_list(p, parameter)
        ]

    def create_vpc_endpoint(p: Any) -> Answer:
        answer: Answer = create(p)
        if made := made_id(answer, "vpcEndpointId"):
            keep(endpoint := ec2._vpc_endpoints[made], p)
            answer = accepted(ec2, "CreateVpcEndpoint", vpce_fields_xml(endpoint, "vpcEndpoint"))
        return answer

    def modify_vpc_endpoint(p: Any) -> Answer:
        answer: Answer = modify(p)
        if answer[0] == 200:
            keep(ec2._vpc_endpoints[ec2._p(p, "VpcEndpointId")], p)
        return answer

    def vpce_fields_xml(ep: dict[str, Any], tag: str = "item") -> str:
        groups = "".join(f"<item><groupId>{group}</groupId></item>" for group in ep.get("Groups", []))
        private, policy = ep.get("PrivateDnsEnabled", "false"), ec2._esc(ep.get("PolicyDocument") or everything)
        more = (
            f"<groupSet>{groups}</groupSet><privateDnsEnabled>{private}</privateDnsEnabled>"
            f"<policyDocument>{policy}</policyDocument>"
        )
        return within(fields_xml(ep, tag), tag, more)

    ec2._vpce_fields_xml = vpce_fields_xml
    serve(ec2, "CreateVpcEndpoint", create_vpc_endpoint)
    serve(ec2, "ModifyVpcEndpoint", modify_vpc_endpoint)


def _keep_prefix_lists_of_rules(ec2: Any) -> None:
    """Rules whose other side is a prefix list."""
    parse, rule_xml = ec2._parse_ip_permissions, ec2._sg_rule_xml

    def parse_ip_permissions(params: Any, prefix: str) -> list[dict[str, Any]]:
        rules: list[dict[str, Any]] = parse(params, prefix)
        for number, rule in enumerate(rules, 1):
            start = f"{prefix}.{number}.PrefixListIds.1"
            if found := ec2._p(params, f"{start}.PrefixListId"):
                described = {"Description": text} if (text := ec2._p(params, f"{start}.Description")) else {}
                rule["PrefixListIds"] = [{"PrefixListId": found, **described}]
        return rules

    def sg_rule_xml(sg_id: str, rule: dict[str, Any], is_egress: bool = False) -> str:
        xml: str = rule_xml(sg_id, rule, is_egress)
        for listed in rule.get("PrefixListIds", []):
            xml = xml.replace("<ipProtocol>", f"<prefixListId>{listed['PrefixListId']}</prefixListId><ipProtocol>")
        return xml

    ec2._parse_ip_permissions, ec2._sg_rule_xml = parse_ip_permissions, sg_rule_xml
