"""The security group of one function: nothing comes in, and out goes what is said."""

from typing import Any

from pulumi import Input, Resource, ResourceOptions
from pulumi_aws import ec2, vpc

from intermodal.function.spec import FunctionSpec

DESCRIPTION = "A container function: no ingress"
"""Without the function's name: a description cannot change, so a renamed function would lose its group."""

EVERY_PROTOCOL = "-1"


def create_security_group(
    spec: FunctionSpec, vpc_id: Input[str], permissions: Resource, parent: Resource
) -> ec2.SecurityGroup:
    """`{function}-security-group` without ingress, and egress to everywhere.

    The rule for IPv6 is there in a VPC without it as well: whether it has IPv6 may be known only by the engine.

    A handler is called by its own process, never from the network, so no target needs ingress.
    """
    opts = ResourceOptions(parent=parent)
    # The permissions outlive the group: Lambda takes its interfaces out of it under the function's role.
    after = ResourceOptions(parent=parent, depends_on=[permissions])
    group = ec2.SecurityGroup(
        f"{spec.name}-security-group",
        vpc_id=vpc_id,
        description=DESCRIPTION,
        tags=spec.tags,
        opts=after,
    )
    rule: dict[str, Any] = {
        "security_group_id": group.id,
        "ip_protocol": EVERY_PROTOCOL,
        "tags": spec.tags,
        "opts": opts,
    }
    vpc.SecurityGroupEgressRule(f"{spec.name}-egress-ipv4", cidr_ipv4="0.0.0.0/0", **rule)
    vpc.SecurityGroupEgressRule(f"{spec.name}-egress-ipv6", cidr_ipv6="::/0", **rule)
    return group
