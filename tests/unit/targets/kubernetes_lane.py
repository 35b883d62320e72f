"""Register a function with a lane on Kubernetes."""

from typing import Any

import pulumi
import pulumi_kubernetes

from intermodal import ContainerFunction
from tests.conftest import ACCOUNT, Cloud, Run
from tests.unit.targets.ecs_lane import HANDLE

OIDC = f"arn:aws:iam::{ACCOUNT}:oidc-provider/oidc.example/id/1"


CLUSTER = {
    **HANDLE,
    "kubernetes_kubeconfig": "/dev/null",
    "kubernetes_oidc_provider_arn": OIDC,
    "kubernetes_namespace": "functions",
    "kubernetes_trigger_authentication": "intermodal-keda",
    "kubernetes_environment": {"AWS_ENDPOINT_URL": "http://10.0.0.1:4566"},
    "kubernetes_security_groups": False,
    "kubernetes_in_network": False,
}


BASE: dict[str, Any] = {
    "image": {"uri": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scan:1"},
    "target": "kubernetes",
    "environment": {"LEVEL": "info"},
}


def function(cloud: Run, handle: dict[str, Any] | None = None, **args: Any) -> Cloud:
    """Register a function on Kubernetes, with its platform's provider."""

    def program() -> None:
        provider = pulumi_kubernetes.Provider("cluster", kubeconfig="{}")
        definition: Any = {**BASE, "platform": {**CLUSTER, **(handle or {})}, **args}
        ContainerFunction("scan", definition, pulumi.ResourceOptions(providers=[provider]))

    return cloud(program)


def job(made: Cloud) -> dict[str, Any]:
    """Return the ScaledJob's inputs."""
    return made.inputs("kubernetes:keda.sh/v1alpha1:ScaledJob", "scan-main-jobs")


def pod(made: Cloud) -> dict[str, Any]:
    """Return the pod's spec."""
    spec: dict[str, Any] = job(made)["spec"]["jobTargetRef"]["template"]["spec"]
    return spec


def variables(container: dict[str, Any]) -> dict[str, str]:
    """Return a container's environment."""
    return {one["name"]: one["value"] for one in container["env"]}


GROUPS = {"kubernetes_security_groups": True}
"""Handle for a platform whose cluster assigns security groups to pods."""
