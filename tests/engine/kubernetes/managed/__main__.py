"""Declare an EKS cluster and resources that depend on it."""

from typing import Any

import pulumi
import pulumi_eks as eks
import pulumi_kubernetes as kubernetes

kinds: Any = kubernetes
cluster = eks.Cluster("main", create_oidc_provider=True)
provider = kubernetes.Provider("inside", kubeconfig=cluster.kubeconfig_json, cluster_identifier="main")
kinds.core.v1.Namespace("main", opts=pulumi.ResourceOptions(provider=provider))
pulumi.export("name", cluster.eks_cluster.name)
pulumi.export("issuer", cluster.oidc_provider_url)
pulumi.export("group", cluster.cluster_security_group_id)
pulumi.export("role", cluster.auto_mode_node_role_name)
