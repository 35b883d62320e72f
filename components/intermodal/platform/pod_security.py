"""The security group that pods of a created cluster have beside their function's: kubelet comes in, names go out.

Security groups of a pod must let kubelet in, and those of the nodes the pod's questions to DNS (EKS user guide,
sg-pods-example-deployment). It is of the platform, so that functions keep theirs without ingress on every target.
"""

from collections.abc import Mapping
from typing import Any

from pulumi import Input, Output, Resource, ResourceOptions

END_PORT = 9002
"""Where the adapter lets kubelet end the app: as process 1 a runtime client ignores SIGTERM, for the whole grace."""

DNS_PORT = 53
DESCRIPTION = "Pods of container functions: kubelet comes in"


def create_pod_security_group(
    name: str,
    vpc_id: Input[str],
    node_security_group_id: Input[str],
    tags: Mapping[str, Input[str]],
    parent: Resource,
) -> Output[str]:
    """`{name}-pods` with `-kubelet`, and `{name}-pods-dns-tcp` and `-udp` of the nodes' group; the id of the first."""
    from pulumi_aws import ec2, vpc  # noqa: PLC0415 - EC2's SDK takes a second

    opts = ResourceOptions(parent=parent)
    group = ec2.SecurityGroup(f"{name}-pods", vpc_id=vpc_id, description=DESCRIPTION, tags=tags, opts=opts)
    rule: dict[str, Any] = {"tags": tags, "opts": opts}
    vpc.SecurityGroupIngressRule(
        f"{name}-pods-kubelet",
        security_group_id=group.id,
        referenced_security_group_id=node_security_group_id,
        ip_protocol="tcp",
        from_port=END_PORT,
        to_port=END_PORT,
        **rule,
    )
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
