"""Assign a /56 IPv6 block from Amazon's pool to a VPC on request.

AWS: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpc.html

ministack does not support IPv6 blocks.
"""

from typing import Any

from local.aws.ec2_answers import EC2, Answer, append_children, find_created_id, hex_digits, respond, serve
from local.aws.ec2_ipv6 import associate_block, block_set, serve_associations
from local.aws.expected import Expected

MODULE = EC2

EXPECTED: Expected = {
    (EC2, "_create_vpc"): ("p",),
    (EC2, "_vpc_fields_xml"): ("vpc", "tag"),
}


def apply(ec2: Any) -> None:
    """Patch ministack's ec2 module."""
    create, fields_xml = ec2._create_vpc, ec2._vpc_fields_xml

    def make_block(_: Any) -> str:
        return f"2600:1f14:{hex_digits(4)}:{hex_digits(2)}00::/56"

    def create_vpc(p: Any) -> Answer:
        answer: Answer = create(p)
        made = find_created_id(answer, "vpcId")
        if made and ec2._p(p, "AmazonProvidedIpv6CidrBlock") == "true":
            associate_block(ec2._vpcs[made], make_block(p), "vpc")
            answer = respond(ec2, "CreateVpc", vpc_fields_xml(ec2._vpcs[made], "vpc"))
        return answer

    def vpc_fields_xml(vpc: dict[str, Any], tag: str = "item") -> str:
        return append_children(
            fields_xml(vpc, tag), tag, block_set(vpc, "ipv6CidrBlockState", "<ipv6Pool>Amazon</ipv6Pool>")
        )

    ec2._vpc_fields_xml = vpc_fields_xml
    serve(ec2, "CreateVpc", create_vpc)
    serve_associations(ec2, ec2._vpcs, "Vpc", "vpc", make_block)
