"""Create a function's security group, which allows all egress and no ingress."""

from collections.abc import Mapping
from typing import Any

from pulumi import Input, Resource, ResourceOptions
from pulumi_aws import ec2, vpc

from intermodal.network.attachment import Attachment, AttachmentArgs

DESCRIPTION = "A container function: no ingress"
"""Description without the function's name: it is immutable, so a rename would replace the group."""

EVERY_PROTOCOL = "-1"


def attach(args: AttachmentArgs, permissions: Resource, parent: Resource) -> Attachment:
    """Create the function's security group, which is deleted before `permissions`."""
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
    """Create `{function}-security-group`, which allows all egress and no ingress.

    The IPv6 rule is always created, because it may be unknown before the deployment whether the VPC has IPv6.

    Handlers are called inside their container and never over the network, so no target needs ingress.
    """
    opts = ResourceOptions(parent=parent)
    # Delete the permissions last, because Lambda uses the function's role to remove its interfaces from the group.
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
