"""Where ministack's EC2 knows no IPv6: blocks of VPCs and subnets; see `local.aws.patches`."""

import ipaddress
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from local.aws.ec2_patching import EC2, Answer, accepted, hex_digits, made_id, refused, serve, within

EXPECTED: dict[tuple[str, str], Sequence[str]] = {
    (EC2, "_create_vpc"): ("p",),
    (EC2, "_vpc_fields_xml"): ("vpc", "tag"),
    (EC2, "_create_subnet"): ("p",),
    (EC2, "_modify_subnet_attribute"): ("p",),
    (EC2, "_subnet_fields_xml"): ("subnet", "tag"),
}


def apply() -> None:
    """Patch ministack in this process."""
    ec2 = import_module(EC2)
    _give_vpcs_ipv6(ec2)
    _give_subnets_ipv6(ec2)


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
    owner |= {"Ipv6CidrBlock": block, "Ipv6AssociationId": f"{prefix}-cidr-assoc-{hex_digits(17)}"}


def _associations(ec2: Any, store: Any, kind: str, name: str, block: Callable[[Any], str]) -> None:
    """The two calls that add a block to a VPC or subnet and take it away."""

    def answer(root: str, owner: dict[str, Any], state: str) -> Answer:
        inner = (
            f"<{name}Id>{owner[kind + 'Id']}</{name}Id><ipv6CidrBlockAssociation>"
            f"<associationId>{owner['Ipv6AssociationId']}</associationId>"
            f"<ipv6CidrBlock>{owner['Ipv6CidrBlock']}</ipv6CidrBlock>"
            f"<ipv6CidrBlockState><state>{state}</state></ipv6CidrBlockState></ipv6CidrBlockAssociation>"
        )
        return accepted(ec2, root, inner)

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
        return refused(ec2, code, f"The association ID '{wanted}' does not exist")

    serve(ec2, f"Associate{kind}CidrBlock", associate)
    serve(ec2, f"Disassociate{kind}CidrBlock", disassociate)


def _give_vpcs_ipv6(ec2: Any) -> None:
    """A VPC that asks for it has a /56 from Amazon's pool."""
    create, fields_xml = ec2._create_vpc, ec2._vpc_fields_xml

    def amazons(_: Any) -> str:
        return f"2600:1f14:{hex_digits(4)}:{hex_digits(2)}00::/56"

    def create_vpc(p: Any) -> Answer:
        answer: Answer = create(p)
        made = made_id(answer, "vpcId")
        if made and ec2._p(p, "AmazonProvidedIpv6CidrBlock") == "true":
            _associate(ec2._vpcs[made], amazons(p), "vpc")
            answer = accepted(ec2, "CreateVpc", vpc_fields_xml(ec2._vpcs[made], "vpc"))
        return answer

    def vpc_fields_xml(vpc: dict[str, Any], tag: str = "item") -> str:
        return within(fields_xml(vpc, tag), tag, _ipv6_set(vpc, "ipv6CidrBlockState", "<ipv6Pool>Amazon</ipv6Pool>"))

    ec2._vpc_fields_xml = vpc_fields_xml
    serve(ec2, "CreateVpc", create_vpc)
    _associations(ec2, ec2._vpcs, "Vpc", "vpc", amazons)


def _give_subnets_ipv6(ec2: Any) -> None:
    """A subnet has the /64 of its VPC's block that it is given, and says whether interfaces get an address of it."""
    create, modify, fields_xml = ec2._create_subnet, ec2._modify_subnet_attribute, ec2._subnet_fields_xml

    def create_subnet(p: Any) -> Answer:
        block = ec2._p(p, "Ipv6CidrBlock")
        whole = ec2._vpcs.get(ec2._p(p, "VpcId"), {}).get("Ipv6CidrBlock")
        if block and not (whole and ipaddress.IPv6Network(block).subnet_of(ipaddress.IPv6Network(whole))):
            return refused(ec2, "InvalidSubnet.Range", f"The CIDR '{block}' is invalid.")
        answer: Answer = create(p)
        made = made_id(answer, "subnetId")
        if made and block:
            _associate(ec2._subnets[made], block, "subnet")
            answer = accepted(ec2, "CreateSubnet", subnet_fields_xml(ec2._subnets[made], "subnet"))
        return answer

    def modify_subnet_attribute(p: Any) -> Answer:
        answer: Answer = modify(p)
        if answer[0] == 200 and (wanted := ec2._p(p, "AssignIpv6AddressOnCreation.Value")):
            ec2._subnets[ec2._p(p, "SubnetId")]["AssignIpv6AddressOnCreation"] = wanted == "true"
        return answer

    def subnet_fields_xml(subnet: dict[str, Any], tag: str = "item") -> str:
        xml = within(fields_xml(subnet, tag), tag, _ipv6_set(subnet, "ipv6CidrBlockState"))
        element = "assignIpv6AddressOnCreation"
        value = "true" if subnet.get("AssignIpv6AddressOnCreation") else "false"
        return xml.replace(f"<{element}>false</{element}>", f"<{element}>{value}</{element}>")

    ec2._subnet_fields_xml = subnet_fields_xml
    serve(ec2, "CreateSubnet", create_subnet)
    serve(ec2, "ModifySubnetAttribute", modify_subnet_attribute)
    _associations(
        ec2, ec2._subnets, "Subnet", "subnet", lambda p: str(ec2._p(p, "Ipv6CidrBlock"))
    )  # fmt: skip
