"""Create a function on Kubernetes without its platform's provider."""

from typing import Any

from intermodal import ContainerFunction, Platform

IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scan@sha256:" + "0" * 64
cluster: Any = {"existing": {"kubeconfig": "{}", "oidc_provider_arn": "arn:aws:iam::123456789012:oidc-provider/o"}}
platform = Platform("shared", kubernetes=cluster, adapter={"uri": IMAGE})

ContainerFunction("scan", image=IMAGE, target="kubernetes", platform=platform.handle)
