"""Security group of one function: no ingress, all egress."""

from collections.abc import Mapping
from typing import Any

from pulumi import Input, Resource, ResourceOptions
from pulumi_aws import ec2, vpc

from intermodal.network.attachment import Attachment, AttachmentArgs

DESCRIPTION = "A container function: no ingress"
"""Without the function's name: a description cannot change, so a renamed function would lose its group."""

EVERY_PROTOCOL = "-1"


def attach(args: AttachmentArgs, permissions: Resource, parent: Resource) -> Attachment:
    """Create a security group of the function's own; it is deleted before `permissions`."""
    group = create_security_group(args.function, args.vpc_id, args.tags, permissions, parent)
    return Attachment(
        subnet_ids=args.subnet_ids,
        security_group_id=group.id,
        security_group_ids=[group.id, *args.security_group_ids],
        dualstack=args.dualstack,
    )


def create_security_group(
    function: str, vpc_id: Input[str], tags: Mapping[str, Input[str]], permissions: Resource, parent: Resource
) -> ec2.SecurityGroup:
    """Create `{function}-security-group` without ingress, and egress to everywhere.

    The rule for IPv6 is there in a VPC without it as well: whether it has IPv6 may be known only by the engine.

    A handler is called by its own process, never from the network, so no target needs ingress.
    """
    opts = ResourceOptions(parent=parent)
    # The permissions outlive the group: Lambda takes its interfaces out of it under the function's role.
    after = ResourceOptions(parent=parent, depends_on=[permissions])
    group = ec2.SecurityGroup(
        f"{function}-security-group",
        vpc_id=vpc_id,
        description=DESCRIPTION,
        tags=tags,
        opts=after,
    )
    rule: dict[str, Any] = {
        "security_group_id": group.id,
        "ip_protocol": EVERY_PROTOCOL,
        "tags": tags,
        "opts": opts,
    }
    vpc.SecurityGroupEgressRule(f"{function}-egress-ipv4", cidr_ipv4="0.0.0.0/0", **rule)
    vpc.SecurityGroupEgressRule(f"{function}-egress-ipv6", cidr_ipv6="::/0", **rule)
    return group
