"""Create an EKS cluster and the resources that only new clusters need."""

from collections.abc import Mapping

from pulumi import Input, Resource, ResourceOptions

from intermodal.network.component import Network
from intermodal.platform.args import CreatedClusterArgs
from intermodal.platform.eks import create_cluster, enforce_network_policies
from intermodal.platform.kubernetes import Cluster
from intermodal.platform.node_pool import create_arm64_pool
from intermodal.platform.pod_security import create_pod_security_group


def create_eks(
    name: str, args: CreatedClusterArgs, network: Network, tags: Mapping[str, Input[str]], parent: Resource
) -> Cluster:
    """Create `{name}-eks` and the security group for its pods."""
    cluster = create_cluster(name, args, network, tags, parent)
    pods = create_pod_security_group(name, network.vpc_id, cluster.node_security_group_id, tags, parent)
    return Cluster(
        kubeconfig=cluster.kubeconfig,
        context=None,
        oidc_provider_arn=cluster.oidc_provider_arn,
        # Auto Mode supports security groups for pods since Kubernetes 1.36 (EKS user guide, auto-sgp), the oldest
        # version that can be created.
        security_groups=True,
        pod_security_group_id=pods,
    )


def configure_auto_mode(name: str, opts: ResourceOptions) -> None:
    """Configure network policy enforcement and arm64 nodes, which EKS Auto Mode lacks by default."""
    enforce_network_policies(name, opts)
    create_arm64_pool(name, opts)
