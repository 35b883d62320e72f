"""One function that moves between targets while messages keep coming."""

from typing import Any

import pulumi
from pulumi_aws import sqs

from intermodal import ContainerFunction, Platform, send

config = pulumi.Config("flip")
clusters: Any = {"ecs": {}}
if kubeconfig := config.get("kubeconfig"):
    clusters["kubernetes"] = {
        "existing": {
            "kubeconfig": kubeconfig,
            "oidc_provider_arn": "arn:aws:iam::000000000000:oidc-provider/kubernetes.default.svc",
        },
        "environment": {"AWS_ENDPOINT_URL": config.require("endpoint")},
    }
parts: Any = {"network": {"zones": ["eu-central-1a"]}, "adapter": {"uri": config.require("adapter")}, **clusters}
platform = Platform("p", parts)
results = sqs.Queue("results")
definition: Any = {
    "platform": platform.handle,
    "vpc": True,
    "image": {"uri": config.require("image")},
    "target": config.require("target"),
    "timeout_seconds": 60,
    "links": [send(results, variable="RESULTS_URL")],
    "sources": [{"queue": {}}],
}
moving = ContainerFunction("moving", definition, pulumi.ResourceOptions(providers=platform.providers))
pulumi.export("inbox_url", moving.inbox_url)
pulumi.export("dead_letters_arn", moving.dead_letters_arn)
pulumi.export("results_url", results.url)
