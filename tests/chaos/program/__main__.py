"""One function, on whichever target the config says, for tests that send to it while something goes on."""

import json
from collections.abc import Callable
from typing import Any

import pulumi
from pulumi_aws import sqs

from intermodal import ContainerFunction, Platform, send

config = pulumi.Config("chaos")
platform_args: Any = {
    "network": {"zones": ["eu-central-1a"]},
    "adapter": {"uri": config.require("adapter")},
    "ecs": {},
    "kubernetes": {
        "existing": {
            "kubeconfig": config.require("kubeconfig"),
            "oidc_provider_arn": "arn:aws:iam::000000000000:oidc-provider/kubernetes.default.svc",
        },
        "namespace": config.require("namespace"),
        "environment": {"AWS_ENDPOINT_URL": config.require("endpoint")},
    },
}
platform = Platform("p", platform_args)
results = sqs.Queue("results")
LEASE = ["--lease-seconds", config.get("lease") or "120"]
"""Of the adapter, so that what a killed one held comes back within the time of a test."""


def hurried(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
    """As many receives as the config says, and the lease: the escape hatch that reaches every child."""
    props: dict[str, Any] = dict(args.props)
    if args.type_ == "aws:sqs/queue:Queue" and "redrivePolicy" in props and config.get("receives"):
        receives = config.require_int("receives")
        props["redrivePolicy"] = _changed(props["redrivePolicy"], lambda found: found | {"maxReceiveCount": receives})
    elif args.type_ == "aws:ecs/taskDefinition:TaskDefinition":
        props["containerDefinitions"] = _changed(props["containerDefinitions"], _with_lease)
    elif args.type_ == "kubernetes:keda.sh/v1alpha1:ScaledJob":
        adapter = props["spec"]["jobTargetRef"]["template"]["spec"]["initContainers"][0]
        adapter["args"] = [*adapter["args"], *LEASE]
    else:
        return None
    return pulumi.ResourceTransformResult(props, args.opts)


def _changed(text: Any, change: Callable[[Any], Any]) -> Any:
    document: Any = pulumi.Output.from_input(text)
    return document.apply(lambda known: json.dumps(change(json.loads(known))))


def _with_lease(containers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**one, "command": [*one["command"], *LEASE]} if one["name"] == "adapter" else one for one in containers]


definition: Any = {
    "platform": platform.handle,
    "vpc": True,
    "image": {"uri": config.require("image")},
    "target": config.require("target"),
    "timeout_seconds": config.require_int("timeout"),
    "links": [send(results, variable="RESULTS_URL")],
    "sources": [{"queue": {}}],
}
options = pulumi.ResourceOptions(providers=platform.providers, transforms=[hurried])
moving = ContainerFunction("moving", definition, options)
pulumi.export("inbox_url", moving.inbox_url)
pulumi.export("dead_letters_arn", moving.dead_letters_arn)
pulumi.export("log_group", moving.log_group_name)
pulumi.export("results_url", results.url)
