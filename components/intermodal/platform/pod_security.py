"""Create the additional security group for pods in a new cluster, which gives them access to DNS.

The nodes' security group must allow DNS requests from pods (EKS user guide, sg-pods-example-deployment). With one rule
per function, every new function would change the platform. The pods have no probes and accept no connections.
"""

from collections.abc import Mapping
from typing import Any

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_aws import ec2, vpc

DNS_PORT = 53
DESCRIPTION = "Pods of container functions: DNS answers them"


def create_pod_security_group(
    name: str,
    vpc_id: Input[str],
    node_security_group_id: Input[str],
    tags: Mapping[str, Input[str]],
    parent: Resource,
) -> Output[str]:
    """Create `{name}-pods`, and `{name}-pods-dns-tcp` and `-udp` in the nodes' group; return the first group's ID."""
    opts = ResourceOptions(parent=parent)
    group = ec2.SecurityGroup(f"{name}-pods", vpc_id=vpc_id, description=DESCRIPTION, tags=tags, opts=opts)
    rule: dict[str, Any] = {"tags": tags, "opts": opts}
    for protocol in ("tcp", "udp"):
        vpc.SecurityGroupIngressRule(
            f"{name}-pods-dns-{protocol}",
            security_group_id=node_security_group_id,
            referenced_security_group_id=group.id,
            ip_protocol=protocol,
            from_port=DNS_PORT,
            to_port=DNS_PORT,
            **rule,
        )
    return group.id
