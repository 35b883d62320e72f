"""Store routes by destination (IPv4 block, IPv6 block, or prefix list), with any type of target.

AWS: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html

ministack drops IPv6 blocks, prefix lists, and egress-only internet gateways.
"""

from collections.abc import Callable
from typing import Any

from local.aws.ec2_answers import EC2, Answer, respond, respond_error, serve
from local.aws.expected import Expected

MODULE = EC2
DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
HOPS = (
    "GatewayId", "NatGatewayId", "EgressOnlyInternetGatewayId", "InstanceId", "NetworkInterfaceId",
    "VpcPeeringConnectionId", "TransitGatewayId", "VpcEndpointId",
)  # fmt: skip

EXPECTED: Expected = {
    (EC2, "_create_route"): ("p",),
    (EC2, "_replace_route"): ("p",),
    (EC2, "_delete_route"): ("p",),
}


def apply(ec2: Any) -> None:
    """Patch ministack's ec2 module."""

    def handler(action: str, *, old: bool, new: bool) -> Callable[[Any], Answer]:
        def handle(p: Any) -> Answer:
            values = {name: ec2._p(p, name) for name in (*DESTINATIONS, *HOPS) if ec2._p(p, name)}
            where = {name: values[name] for name in DESTINATIONS if name in values}
            table = ec2._route_tables.get(ec2._p(p, "RouteTableId"))
            if table is None:
                return respond_error(ec2, "InvalidRouteTableID.NotFound", "The route table does not exist")
            found = [route for route in table["Routes"] if where.items() <= route.items()]
            if bool(found) != old:
                code = "InvalidRoute.NotFound" if old else "RouteAlreadyExists"
                return respond_error(ec2, code, f"The route identified by {where} was {'not ' * old}found.")
            made = [{**values, "State": "active", "Origin": "CreateRoute"}] if new else []
            table["Routes"] = [route for route in table["Routes"] if route not in found] + made
            return respond(ec2, action, "<return>true</return>")

        return handle

    serve(ec2, "CreateRoute", handler("CreateRoute", old=False, new=True))
    serve(ec2, "ReplaceRoute", handler("ReplaceRoute", old=True, new=True))
    serve(ec2, "DeleteRoute", handler("DeleteRoute", old=True, new=False))
