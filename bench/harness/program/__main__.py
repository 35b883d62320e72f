"""The functions that the config names, for tests that send to them while something goes on.

Their platform is of this stack, or of the one that the config names; a stack without functions exports its own.
"""

import json
from collections.abc import Callable, Mapping
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
            "security_groups": True,
        },
        "namespace": config.require("namespace"),
        "environment": {"AWS_ENDPOINT_URL": config.require("endpoint")},
    },
}
platform: Any
if reference := config.get("platform"):
    platform = Platform.attach("p", pulumi.StackReference(reference), kubernetes=True)
else:
    platform = Platform("p", platform_args)
HURRIED = ["--lease-seconds", config.get("lease") or "120"]
if soon := config.get("return"):
    HURRIED += ["--start-seconds", soon, "--return-seconds", soon]
"""Of the adapter, so that what a killed one held comes back within the time of a test, and an app that does not start
is given up."""

Transform = Callable[[pulumi.ResourceTransformArgs], pulumi.ResourceTransformResult | None]


def hurried(receives: int | None, grace: int | None, queue: str | None) -> Transform:
    """So many receives, the lease, a grace for images that end by SIGKILL only, and a queue of Kueue: the escape hatch
    of every child."""

    def transform(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        props: dict[str, Any] = dict(args.props)
        if args.type_ == "aws:sqs/queue:Queue" and "redrivePolicy" in props and receives:
            few = {"maxReceiveCount": receives}
            props["redrivePolicy"] = _changed(props["redrivePolicy"], lambda found: found | few)
        elif args.type_ == "aws:ecs/taskDefinition:TaskDefinition":
            props["containerDefinitions"] = _changed(
                props["containerDefinitions"], lambda found: [_hurried_container(one, grace) for one in found]
            )
        elif args.type_ == "kubernetes:keda.sh/v1alpha1:ScaledJob":
            pod = props["spec"]["jobTargetRef"]["template"]["spec"]
            adapter = pod["initContainers"][0]
            adapter["args"] = [*adapter["args"], *HURRIED]
            if queue:
                labels: Any = pulumi.Output.from_input(props["metadata"]["labels"])
                held_back = {"kueue.x-k8s.io/queue-name": queue}
                props["metadata"]["labels"] = labels.apply(lambda known: known | held_back)
            pod["terminationGracePeriodSeconds"] = grace or pod["terminationGracePeriodSeconds"]
        else:
            return None
        return pulumi.ResourceTransformResult(props, args.opts)

    return transform


def _changed(text: Any, change: Callable[[Any], Any]) -> Any:
    document: Any = pulumi.Output.from_input(text)
    return document.apply(lambda known: json.dumps(change(json.loads(known))))


def _hurried_container(container: dict[str, Any], grace: int | None) -> dict[str, Any]:
    shorter = {"stopTimeout": grace} if grace else {}
    if container["name"] == "adapter":
        return {**container, **shorter, "command": [*container["command"], *HURRIED]}
    return {**container, **shorter}


def function(name: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """One of them, with a queue of its own for what its runs mark."""
    results = sqs.Queue(f"{name}-results")
    limit = {"maximum_concurrency": wanted["most"]} if "most" in wanted else {}
    definition: Any = {
        "platform": platform.handle,
        "vpc": True,
        "image": {"uri": wanted.get("image") or config.require("image")},
        "fifo": wanted.get("fifo", False),
        "lanes": [{"name": "main", "target": wanted["target"], "paused": wanted.get("paused", False), **limit}],
        "drain_before_delete": wanted.get("drain", False),
        "memory_mib": 256,
        "timeout_seconds": wanted["timeout"],
        "links": [send(results, variable="RESULTS_URL")],
        "sources": [{"queue": {}}],
    }
    ways = [wanted.get(key) for key in ("receives", "grace", "queue")]
    options = pulumi.ResourceOptions(providers=platform.providers, transforms=[hurried(*ways)])
    made = ContainerFunction(name, definition, options)
    return {
        "inbox_url": made.inbox_url,
        "dead_letters_arn": made.dead_letters_arn,
        "log_group": made.log_group_name,
        "results_url": results.url,
    }


functions = config.require_object("functions")
for key, value in functions.items():
    pulumi.export(key, function(key, value))
if not functions:
    pulumi.export("platform", platform.handle)
