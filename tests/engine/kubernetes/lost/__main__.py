"""Deploy the same function on every target, with a kubeconfig that points to an unreachable cluster."""

from typing import Any

import pulumi

from intermodal import ContainerFunction, Platform, Target

IMAGE = f"123456789012.dkr.ecr.eu-central-1.amazonaws.com/scan@sha256:{'0' * 64}"

config = pulumi.Config("lost")
existing: Any = {
    "kubeconfig": config.require("kubeconfig"),
    "oidc_provider_arn": "arn:aws:iam::000000000000:oidc-provider/kubernetes.default.svc",
    "security_groups": True,
}
platform = Platform(
    "p",
    {
        "network": {"zones": ["eu-central-1a"]},
        "adapter": {"uri": "r.example/adapter:1"},
        "ecs": {},
        "kubernetes": {"existing": existing},
    },
)
for target in Target:
    ContainerFunction(
        f"scan-{target.value}",
        {
            "platform": platform.handle,
            "vpc": True,
            "image": {"uri": IMAGE},
            "target": target,
            "drain_before_delete": False,
        },
        pulumi.ResourceOptions(providers=platform.providers),
    )
