"""Provide an offline eks provider that previews clusters but does not create them.

EKS clusters exist only in AWS, but with this provider a program that uses one can be previewed without internet
access. Local deployments use an existing cluster for the kubernetes target instead.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.provider import CallResult, ConstructResult, Provider

CLUSTER = "eks:index:Cluster"
KUBECONFIG = "eks:index:Cluster/getKubeconfig"
OUTPUTS = (
    "autoModeNodeRoleName", "awsProvider", "clusterIngressRuleId", "clusterSecurityGroup", "clusterSecurityGroupId",
    "core", "defaultNodeGroup", "defaultNodeGroupAsgName", "eksCluster", "eksClusterIngressRule", "fargateProfileId",
    "fargateProfileStatus", "instanceRoles", "kubeconfig", "kubeconfigJson", "nodeSecurityGroup",
    "nodeSecurityGroupId", "oidcIssuer", "oidcProviderArn", "oidcProviderUrl",
)  # fmt: skip
"""Outputs of pulumi_eks 4.4.0."""


class Cluster(pulumi.ComponentResource):
    """The cluster component without its children; all outputs are unknown during preview."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None) -> None:
        super().__init__(CLUSTER, name, {}, opts)
        self.outputs = {output: unknown() for output in OUTPUTS}
        self.register_outputs(self.outputs)


def unknown() -> pulumi.Output[Any]:
    """Return an output whose value is unknown."""
    known, value = asyncio.Future[bool](), asyncio.Future[Any]()
    known.set_result(False)
    value.set_result(None)
    return pulumi.Output(set(), value, known)


class Eks(Provider):
    """Offline eks provider."""

    def __init__(self, version: str) -> None:
        super().__init__(version)

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: Mapping[str, pulumi.Input[Any]],  # noqa: ARG002 - not needed in a preview
        options: pulumi.ResourceOptions | None = None,
    ) -> ConstructResult:
        """Register the cluster during preview.

        Raises:
            RuntimeError: this is an update, or the component is not supported.
        """
        if resource_type != CLUSTER:
            raise RuntimeError(
                f"{resource_type} is not supported by the offline eks provider, which supports only {CLUSTER}; use the "
                "official plugins."
            )
        if not pulumi.runtime.is_dry_run():
            raise RuntimeError(
                f"{CLUSTER} {name!r}: an EKS cluster can only be created in AWS, and the offline eks provider only "
                "previews it; use an existing cluster locally (`make cluster`), or use the official plugins."
            )
        made = Cluster(name, options)
        return ConstructResult(made.urn, made.outputs)

    def call(self, token: str, args: Mapping[str, pulumi.Input[Any]]) -> CallResult:  # noqa: ARG002
        """Call the component's only method, getKubeconfig."""
        if token != KUBECONFIG:
            raise RuntimeError(f"{token} is not supported by the offline eks provider; use the official plugins.")
        return CallResult({"result": unknown()})
