"""Assign the requested IPv6 block to a subnet, and store whether network interfaces get an IPv6 address.

AWS: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html

The block must be part of the VPC's block. ministack does not support IPv6 blocks.
"""

import ipaddress
from typing import Any

from local.aws.ec2_answers import EC2, Answer, append_children, find_created_id, respond, respond_error, serve
from local.aws.ec2_ipv6 import associate_block, block_set, serve_associations
from local.aws.expected import Expected

MODULE = EC2

EXPECTED: Expected = {
    (EC2, "_create_subnet"): ("p",),
    (EC2, "_modify_subnet_attribute"): ("p",),
    (EC2, "_subnet_fields_xml"): ("subnet", "tag"),
}


def apply(ec2: Any) -> None:
    """Patch ministack's ec2 module."""
    create, modify, fields_xml = ec2._create_subnet, ec2._modify_subnet_attribute, ec2._subnet_fields_xml

    def create_subnet(p: Any) -> Answer:
        block = ec2._p(p, "Ipv6CidrBlock")
        whole = ec2._vpcs.get(ec2._p(p, "VpcId"), {}).get("Ipv6CidrBlock")
        if block and not (whole and ipaddress.IPv6Network(block).subnet_of(ipaddress.IPv6Network(whole))):
            return respond_error(ec2, "InvalidSubnet.Range", f"The CIDR '{block}' is invalid.")
        answer: Answer = create(p)
        made = find_created_id(answer, "subnetId")
        if made and block:
            associate_block(ec2._subnets[made], block, "subnet")
            answer = respond(ec2, "CreateSubnet", subnet_fields_xml(ec2._subnets[made], "subnet"))
        return answer

    def modify_subnet_attribute(p: Any) -> Answer:
        answer: Answer = modify(p)
        if answer[0] == 200 and (setting := ec2._p(p, "AssignIpv6AddressOnCreation.Value")):
            ec2._subnets[ec2._p(p, "SubnetId")]["AssignIpv6AddressOnCreation"] = setting == "true"
        return answer

    def subnet_fields_xml(subnet: dict[str, Any], tag: str = "item") -> str:
        xml = append_children(fields_xml(subnet, tag), tag, block_set(subnet, "ipv6CidrBlockState"))
        element = "assignIpv6AddressOnCreation"
        value = "true" if subnet.get("AssignIpv6AddressOnCreation") else "false"
        return xml.replace(f"<{element}>false</{element}>", f"<{element}>{value}</{element}>")

    ec2._subnet_fields_xml = subnet_fields_xml
    serve(ec2, "CreateSubnet", create_subnet)
    serve(ec2, "ModifySubnetAttribute", modify_subnet_attribute)
    serve_associations(
        ec2, ec2._subnets, "Subnet", "subnet", lambda p: str(ec2._p(p, "Ipv6CidrBlock"))
    )  # fmt: skip
