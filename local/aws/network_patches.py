"""Where ministack's EC2 loses what it is given: IPv6, addresses of NAT gateways, endpoints, prefix lists in rules.

Like `local.aws.patches`, each patch names what it replaces; another ministack is refused there.
"""

import ipaddress
import random
import re
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

EC2 = "ministack.services.ec2"

EXPECTED: dict[tuple[str, str], Sequence[str]] = {
    (EC2, "_create_vpc"): ("p",),
    (EC2, "_vpc_fields_xml"): ("vpc", "tag"),
    (EC2, "_create_subnet"): ("p",),
    (EC2, "_modify_subnet_attribute"): ("p",),
    (EC2, "_subnet_fields_xml"): ("subnet", "tag"),
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
    (EC2, "_p"): ("params", "key", "default"),
    (EC2, "_xml"): ("status", "root_tag", "inner"),
    (EC2, "_error"): ("code", "message", "status"),
}

Answer = tuple[int, dict[str, str], bytes]


def apply() -> None:
    """Patch ministack in this process."""
    ec2 = import_module(EC2)
    _give_vpcs_ipv6(ec2)
    _give_subnets_ipv6(ec2)
    _keep_every_route(ec2)
    _give_nat_gateways_addresses(ec2)
    _keep_endpoints_whole(ec2)
    _keep_prefix_lists_of_rules(ec2)


def _xml(ec2: Any, action: str, inner: str) -> Answer:
    answer: Answer = ec2._xml(200, f"{action}Response", inner)
    return answer


def _error(ec2: Any, code: str, message: str) -> Answer:
    answer: Answer = ec2._error(code, message, 400)
    return answer


def _serve(ec2: Any, action: str, handler: Callable[[Any], Answer]) -> None:
    ec2._ACTION_MAP[action] = handler


def _made(answer: Answer, element: str) -> str | None:
    """The id in an answer that made something; None in an error."""
    found = re.search(f"<{element}>([^<]+)</{element}>".encode(), answer[2])
    return found[1].decode() if answer[0] == 200 and found else None


def _hex(digits: int) -> str:
    return f"{random.getrandbits(4 * digits):0{digits}x}"


def _within(xml: str, tag: str, more: str) -> str:
    """More children at the end of an element."""
    return xml.removesuffix(f"</{tag}>") + more + f"</{tag}>"


def _ipv6_set(owner: dict[str, Any], kind: str, more: str = "") -> str:
    """The associations of a VPC or subnet with its IPv6 block."""
    if not owner.get("Ipv6CidrBlock"):
        return "<ipv6CidrBlockAssociationSet/>"
    return (
        f"<ipv6CidrBlockAssociationSet><item><ipv6CidrBlock>{owner['Ipv6CidrBlock']}</ipv6CidrBlock>"
        f"<associationId>{owner['Ipv6AssociationId']}</associationId>"
        f"<{kind}><state>associated</state></{kind}>{more}</item></ipv6CidrBlockAssociationSet>"
    )


def _associate(owner: dict[str, Any], block: str, prefix: str) -> None:
    owner |= {"Ipv6CidrBlock": block, "Ipv6AssociationId": f"{prefix}-cidr-assoc-{_hex(17)}"}


def _associations(ec2: Any, store: Any, kind: str, name: str, block: Callable[[Any], str]) -> None:
    """The two calls that add a block to a VPC or subnet and take it away."""

    def answer(root: str, owner: dict[str, Any], state: str) -> Answer:
        inner = (
            f"<{name}Id>{owner[kind + 'Id']}</{name}Id><ipv6CidrBlockAssociation>"
            f"<associationId>{owner['Ipv6AssociationId']}</associationId>"
            f"<ipv6CidrBlock>{owner['Ipv6CidrBlock']}</ipv6CidrBlock>"
            f"<ipv6CidrBlockState><state>{state}</state></ipv6CidrBlockState></ipv6CidrBlockAssociation>"
        )
        return _xml(ec2, root, inner)

    def associate(p: Any) -> Answer:
        owner = store[ec2._p(p, f"{kind}Id")]
        _associate(owner, block(p), name)
        return answer(f"Associate{kind}CidrBlock", owner, "associated")

    def disassociate(p: Any) -> Answer:
        wanted = ec2._p(p, "AssociationId")
        for owner in store.values():
            if owner.get("Ipv6AssociationId") == wanted:
                done = answer(f"Disassociate{kind}CidrBlock", owner, "disassociated")
                del owner["Ipv6CidrBlock"], owner["Ipv6AssociationId"]
                return done
        code = f"Invalid{kind}CidrBlockAssociationID.NotFound"
        return _error(ec2, code, f"The association ID '{wanted}' does not exist")

    _serve(ec2, f"Associate{kind}CidrBlock", associate)
    _serve(ec2, f"Disassociate{kind}CidrBlock", disassociate)


def _give_vpcs_ipv6(ec2: Any) -> None:
    """A VPC that asks for it has a /56 from Amazon's pool."""
    create, fields_xml = ec2._create_vpc, ec2._vpc_fields_xml

    def amazons(_: Any) -> str:
        return f"2600:1f14:{_hex(4)}:{_hex(2)}00::/56"

    def create_vpc(p: Any) -> Answer:
        answer: Answer = create(p)
        made = _made(answer, "vpcId")
        if made and ec2._p(p, "AmazonProvidedIpv6CidrBlock") == "true":
            _associate(ec2._vpcs[made], amazons(p), "vpc")
            answer = _xml(ec2, "CreateVpc", vpc_fields_xml(ec2._vpcs[made], "vpc"))
        return answer

    def vpc_fields_xml(vpc: dict[str, Any], tag: str = "item") -> str:
        return _within(fields_xml(vpc, tag), tag, _ipv6_set(vpc, "ipv6CidrBlockState", "<ipv6Pool>Amazon</ipv6Pool>"))

    ec2._vpc_fields_xml = vpc_fields_xml
    _serve(ec2, "CreateVpc", create_vpc)
    _associations(ec2, ec2._vpcs, "Vpc", "vpc", amazons)


def _give_subnets_ipv6(ec2: Any) -> None:
    """A subnet has the /64 of its VPC's block that it is given, and says whether interfaces get an address of it."""
    create, modify, fields_xml = ec2._create_subnet, ec2._modify_subnet_attribute, ec2._subnet_fields_xml

    def create_subnet(p: Any) -> Answer:
        block = ec2._p(p, "Ipv6CidrBlock")
        whole = ec2._vpcs.get(ec2._p(p, "VpcId"), {}).get("Ipv6CidrBlock")
        if block and not (whole and ipaddress.IPv6Network(block).subnet_of(ipaddress.IPv6Network(whole))):
            return _error(ec2, "InvalidSubnet.Range", f"The CIDR '{block}' is invalid.")
        answer: Answer = create(p)
        made = _made(answer, "subnetId")
        if made and block:
            _associate(ec2._subnets[made], block, "subnet")
            answer = _xml(ec2, "CreateSubnet", subnet_fields_xml(ec2._subnets[made], "subnet"))
        return answer

    def modify_subnet_attribute(p: Any) -> Answer:
        answer: Answer = modify(p)
        if answer[0] == 200 and (wanted := ec2._p(p, "AssignIpv6AddressOnCreation.Value")):
            ec2._subnets[ec2._p(p, "SubnetId")]["AssignIpv6AddressOnCreation"] = wanted == "true"
        return answer

    def subnet_fields_xml(subnet: dict[str, Any], tag: str = "item") -> str:
        xml = _within(fields_xml(subnet, tag), tag, _ipv6_set(subnet, "ipv6CidrBlockState"))
        element = "assignIpv6AddressOnCreation"
        value = "true" if subnet.get("AssignIpv6AddressOnCreation") else "false"
        return xml.replace(f"<{element}>false</{element}>", f"<{element}>{value}</{element}>")

    ec2._subnet_fields_xml = subnet_fields_xml
    _serve(ec2, "CreateSubnet", create_subnet)
    _serve(ec2, "ModifySubnetAttribute", modify_subnet_attribute)
    _associations(
        ec2, ec2._subnets, "Subnet", "subnet", lambda p: str(ec2._p(p, "Ipv6CidrBlock"))
    )  # fmt: skip


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
                return _error(ec2, "InvalidRouteTableID.NotFound", "The route table does not exist")
            found = [route for route in table["Routes"] if where.items() <= route.items()]
            if bool(found) != old:
                code = "InvalidRoute.NotFound" if old else "RouteAlreadyExists"
                return _error(ec2, code, f"The route identified by {where} was {'not ' * old}found.")
            made = [{**given, "State": "active", "Origin": "CreateRoute"}] if new else []
            table["Routes"] = [route for route in table["Routes"] if route not in found] + made
            return _xml(ec2, action, "<return>true</return>")

        return handle

    _serve(ec2, "CreateRoute", handler("CreateRoute", old=False, new=True))
    _serve(ec2, "ReplaceRoute", handler("ReplaceRoute", old=True, new=True))
    _serve(ec2, "DeleteRoute", handler("DeleteRoute", old=True, new=False))


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

    _serve(ec2, "CreateNatGateway", lambda params: filled(create(params)))
    _serve(ec2, "DescribeNatGateways", lambda params: filled(describe(params)))


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
        if made := _made(answer, "vpcEndpointId"):
            keep(endpoint := ec2._vpc_endpoints[made], p)
            answer = _xml(ec2, "CreateVpcEndpoint", vpce_fields_xml(endpoint, "vpcEndpoint"))
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
        return _within(fields_xml(ep, tag), tag, more)

    ec2._vpce_fields_xml = vpce_fields_xml
    _serve(ec2, "CreateVpcEndpoint", create_vpc_endpoint)
    _serve(ec2, "ModifyVpcEndpoint", modify_vpc_endpoint)


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
