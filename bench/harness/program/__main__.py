"""Declare the functions in the config for tests that send messages during disruptions.

The platform is in this stack or in the stack set in the config. A stack without functions exports its platform.
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
"""Adapter arguments that shorten redelivery and the start timeout, so that tests do not wait for the messages of a
killed task or for an app that does not start."""

Transform = Callable[[pulumi.ResourceTransformArgs], pulumi.ResourceTransformResult | None]


def hurried(receives: int | None, grace: int | None, queue: str | None) -> Transform:
    """Return a transform that sets the children's receive count, lease, grace period, and Kueue queue.

    The grace period shortens the wait for images that stop only on SIGKILL.
    """

    def transform(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        props: dict[str, Any] = dict(args.props)
        if args.type_ == "aws:sqs/queue:Queue" and "redrivePolicy" in props and receives:
            few = {"maxReceiveCount": receives}
            props["redrivePolicy"] = _change(props["redrivePolicy"], lambda found: found | few)
        elif args.type_ == "aws:ecs/taskDefinition:TaskDefinition":
            props["containerDefinitions"] = _change(
                props["containerDefinitions"], lambda found: [_hurried_container(one, grace) for one in found]
            )
        elif args.type_ == "kubernetes:keda.sh/v1alpha1:ScaledJob":
            pod = props["spec"]["jobTargetRef"]["template"]["spec"]
            adapter = pod["initContainers"][0]
            adapter["args"] = [*adapter["args"], *HURRIED]
            if queue:
                labels: Any = pulumi.Output.from_input(props["metadata"]["labels"])
                queue_label = {"kueue.x-k8s.io/queue-name": queue}
                props["metadata"]["labels"] = labels.apply(lambda existing: existing | queue_label)
            pod["terminationGracePeriodSeconds"] = grace or pod["terminationGracePeriodSeconds"]
        else:
            return None
        return pulumi.ResourceTransformResult(props, args.opts)

    return transform


def _change(text: Any, change: Callable[[Any], Any]) -> Any:
    document: Any = pulumi.Output.from_input(text)
    return document.apply(lambda value: json.dumps(change(json.loads(value))))


def _hurried_container(container: dict[str, Any], grace: int | None) -> dict[str, Any]:
    shorter = {"stopTimeout": grace} if grace else {}
    if container["name"] == "adapter":
        return {**container, **shorter, "command": [*container["command"], *HURRIED]}
    return {**container, **shorter}


def function(name: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Create a function and a queue for the marks that its invocations report; return the stack outputs."""
    results = sqs.Queue(f"{name}-results")
    limit = {"maximum_concurrency": settings["most"]} if "most" in settings else {}
    definition: Any = {
        "platform": platform.handle,
        "vpc": True,
        "image": {"uri": settings.get("image") or config.require("image")},
        "fifo": settings.get("fifo", False),
        "lanes": [{"name": "main", "target": settings["target"], "paused": settings.get("paused", False), **limit}],
        "drain_before_delete": settings.get("drain", False),
        "memory_mib": 256,
        "timeout_seconds": settings["timeout"],
        "environment": {"PRELOAD_SDK": "1"},
        "links": [send(results, variable="RESULTS_URL")],
    }
    overrides = [settings.get(key) for key in ("receives", "grace", "queue")]
    options = pulumi.ResourceOptions(providers=platform.providers, transforms=[hurried(*overrides)])
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
