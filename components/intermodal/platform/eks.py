"""Create a platform's EKS cluster with Auto Mode in a dual-stack VPC."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi_eks as eks
from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_kubernetes import core

from intermodal.arns import concat, parse
from intermodal.network.component import Network
from intermodal.platform.args import CreatedClusterArgs


@dataclass(frozen=True, kw_only=True)
class CreatedCluster:
    """Outputs of a new cluster."""

    kubeconfig: Output[str]
    """Kubeconfig as JSON, without credentials."""
    oidc_provider_arn: Output[str]
    node_security_group_id: Output[str]
    """ID of the security group that EKS creates for the cluster and its nodes."""


def create_cluster(
    name: str, args: CreatedClusterArgs, network: Network, tags: Mapping[str, Input[str]], parent: Resource
) -> CreatedCluster:
    """Create `{name}-eks` with an OIDC provider that lets pods assume their roles.

    Nodes access the API server inside the VPC. The public endpoint is enabled because Pulumi needs it (EKS API
    reference, VpcConfigRequest).
    """
    cluster = eks.Cluster(
        f"{name}-eks",
        version=args["version"],
        auto_mode={"enabled": True},
        # Auto Mode nodes include CoreDNS, and the add-on could not be scheduled on them (pulumi/pulumi-eks#1726).
        coredns_addon_options={"enabled": False},
        authentication_mode=eks.AuthenticationMode.API,
        create_oidc_provider=True,
        access_entries={word: _administrator_entry(arn) for word, arn in args.get("administrators", {}).items()},
        endpoint_private_access=True,
        endpoint_public_access=True,  # the plugin waits for the API server only if this is set
        public_access_cidrs=args.get("public_access_cidrs"),
        enabled_cluster_log_types=["audit", "authenticator"],
        ip_family="ipv6",
        vpc_id=network.vpc_id,
        private_subnet_ids=network.private_subnet_ids,
        skip_default_node_group=True,
        skip_default_security_groups=True,
        upgrade_policy={"support_type": "STANDARD"},
        tags=tags,
        opts=ResourceOptions(parent=parent),
    )
    return CreatedCluster(
        kubeconfig=cluster.kubeconfig_json,
        oidc_provider_arn=cluster.oidc_provider_arn,
        node_security_group_id=cluster.cluster_security_group_id,
    )


def _administrator_entry(arn: Input[str]) -> Any:
    """Return a cluster administrator's access entry (EKS user guide, access-policy-permissions)."""
    partition = Output.from_input(arn).apply(lambda known: parse(known).partition)
    policy = concat("arn:", partition, ":eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy")
    association: Any = {"access_scope": {"type": "cluster"}, "policy_arn": policy}
    return eks.AccessEntryArgs(principal_arn=arn, access_policies={"administrator": association})


def enforce_network_policies(name: str, opts: ResourceOptions) -> None:
    """Create `{name}-network-policies`, which enables network policy enforcement (EKS user guide, auto-net-pol)."""
    core.v1.ConfigMap(
        f"{name}-network-policies",
        metadata={"name": "amazon-vpc-cni", "namespace": "kube-system"},
        data={"enable-network-policy-controller": "true"},
        opts=opts,
    )
