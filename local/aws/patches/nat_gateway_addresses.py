"""Return a NAT gateway's address with its allocation ID.

AWS: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGatewayAddress.html

ministack returns an empty set.
"""

import ipaddress
import re
from typing import Any

from local.aws.ec2_answers import EC2, Answer, serve
from local.aws.expected import Expected

MODULE = EC2

EXPECTED: Expected = {
    (EC2, "_create_nat_gateway"): ("params",),
    (EC2, "_describe_nat_gateways"): ("params",),
}


def apply(ec2: Any) -> None:
    """Patch ministack's ec2 module."""
    create, describe = ec2._create_nat_gateway, ec2._describe_nat_gateways

    def address(nat: dict[str, Any]) -> str:
        digits, allocation = nat["NatGatewayId"].removeprefix("nat-"), nat["AllocationId"]
        public = ec2._addresses.get(allocation, {}).get("PublicIp")
        elastic = f"<allocationId>{allocation}</allocationId><associationId>eipassoc-{digits}</associationId>"
        shown = elastic + (f"<publicIp>{public}</publicIp>" if public else "") if allocation else ""
        first = ec2._subnets.get(nat["SubnetId"], {}).get("CidrBlock", "10.0.0.0/24")
        private = ipaddress.ip_network(first, strict=False)[4 + int(digits[:2], 16) % 8]
        return (
            f"<natGatewayAddressSet><item>{shown}<networkInterfaceId>eni-{digits}</networkInterfaceId>"
            f"<privateIp>{private}</privateIp><isPrimary>true</isPrimary><status>succeeded</status>"
            "</item></natGatewayAddressSet>"
        )

    def fill(answer: Answer) -> Answer:
        status, headers, body = answer
        ids = re.findall("<natGatewayId>([^<]+)</natGatewayId>", text := body.decode())
        for one in ids:
            text = text.replace("<natGatewayAddressSet/>", address(ec2._nat_gateways[one]), 1)
        return status, headers, text.encode()

    serve(ec2, "CreateNatGateway", lambda params: fill(create(params)))
    serve(ec2, "DescribeNatGateways", lambda params: fill(describe(params)))
