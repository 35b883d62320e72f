"""A stand-in for the eks plugin: it previews a cluster, and makes none.

An EKS cluster runs nowhere but in AWS; what a program builds on one can still be previewed without internet. Locally
the kubernetes target adopts a cluster instead.
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
"""Of pulumi_eks 4.4.0."""


class Cluster(pulumi.ComponentResource):
    """The component without its children: all that it would give out is unknown before an update."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None) -> None:
        super().__init__(CLUSTER, name, {}, opts)
        self.outputs = {output: unknown() for output in OUTPUTS}
        self.register_outputs(self.outputs)


def unknown() -> pulumi.Output[Any]:
    """A value that only an update can give."""
    known, value = asyncio.Future[bool](), asyncio.Future[Any]()
    known.set_result(False)
    value.set_result(None)
    return pulumi.Output(set(), value, known)


class Eks(Provider):
    """The plugin."""

    def __init__(self, version: str) -> None:
        super().__init__(version)

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: Mapping[str, pulumi.Input[Any]],  # noqa: ARG002 - nothing is made of them
        options: pulumi.ResourceOptions | None = None,
    ) -> ConstructResult:
        """Register the cluster in a preview.

        Raises:
            RuntimeError: it is an update, or another component.
        """
        if resource_type != CLUSTER:
            raise RuntimeError(f"{resource_type} is not emulated by the stand-in for eks, which knows {CLUSTER}.")
        if not pulumi.runtime.is_dry_run():
            raise RuntimeError(
                f"{CLUSTER} {name!r}: an EKS cluster can only be made in AWS, and the stand-in for the eks plugin only "
                "previews it; adopt a cluster locally (`make cluster`), or use the official plugins."
            )
        made = Cluster(name, options)
        return ConstructResult(made.urn, made.outputs)

    def call(self, token: str, args: Mapping[str, pulumi.Input[Any]]) -> CallResult:  # noqa: ARG002
        """The one method of the component."""
        if token != KUBECONFIG:
            raise RuntimeError(f"{token} is not emulated by the stand-in for eks.")
        return CallResult({"result": unknown()})
