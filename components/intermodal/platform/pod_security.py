"""The security group that pods of a created cluster have beside their function's, by which DNS answers them.

Security groups of the nodes must let a pod's questions to DNS in (EKS user guide, sg-pods-example-deployment), and a
rule for each function's group would be one of the platform's that changes with its functions. Nobody connects to the
pods: they have no probe that kubelet would call.
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
    """`{name}-pods`, and `{name}-pods-dns-tcp` and `-udp` of the nodes' group; the id of the first."""
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
