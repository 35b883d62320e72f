"""Create a lane's KEDA ScaledJob."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulumi import Input, Output, ResourceOptions
from pulumi_kubernetes import apiextensions

POLL_SECONDS = 10
KEPT_SECONDS = 600
"""Seconds for which a finished Job is kept for inspection."""


@dataclass(frozen=True, kw_only=True)
class ScaledJobArgs:
    """Arguments for a lane's ScaledJob."""

    name: str
    """`{function}-{lane}`."""
    object_name: str
    """Name of the Kubernetes objects."""
    labels: Mapping[str, Input[str]]
    cluster: Any
    """Output with `KubernetesFacts`."""
    inbox_url: Output[str]
    region: Output[str]
    maximum: int
    """Maximum concurrent Jobs; 0 pauses the lane."""
    batch_size: int
    paused: bool
    template: Mapping[str, Any]
    """Pod template."""


def create_scaled_job(args: ScaledJobArgs, opts: ResourceOptions) -> Any:
    """Create `{lane}-jobs`, the lane's ScaledJob."""
    annotations = {
        # Keep running Jobs when the ScaledJob is deleted, so that they finish their work.
        "pulumi.com/deletionPropagationPolicy": "orphan",
    }
    if args.paused or not args.maximum:
        annotations["autoscaling.keda.sh/paused"] = "true"
    kueue = args.cluster.queue.apply(lambda queue: {"kueue.x-k8s.io/queue-name": queue} if queue else {})
    return apiextensions.CustomResource(
        f"{args.name}-jobs",
        api_version="keda.sh/v1alpha1",
        kind="ScaledJob",
        metadata={
            "name": args.object_name,
            "namespace": args.cluster.namespace,
            # KEDA copies the labels to the Jobs, from which Kueue reads the queue name.
            "labels": kueue.apply(lambda more: {**args.labels, **more}),
            "annotations": annotations,
        },
        spec=_render_spec(args),
        opts=opts,
    )


def _render_spec(args: ScaledJobArgs) -> dict[str, Any]:
    """Return a spec that starts one Job per batch of visible messages.

    The scaling strategy is `accurate`, which ignores messages in flight. During a move, targets share an inbox, and
    messages that Lambda or ECS process would otherwise count as waiting. The rollout is `gradual`, because the default
    deletes running Jobs when the ScaledJob changes.
    """
    return {
        "pollingInterval": POLL_SECONDS,
        "minReplicaCount": 0,
        "maxReplicaCount": max(1, args.maximum),
        "successfulJobsHistoryLimit": 5,
        "failedJobsHistoryLimit": 5,
        "rollout": {"strategy": "gradual"},
        "scalingStrategy": {"strategy": "accurate"},
        "triggers": [_render_trigger(args)],
        "jobTargetRef": {
            "parallelism": 1,
            "completions": 1,
            "backoffLimit": 0,  # the queue handles retries
            "ttlSecondsAfterFinished": KEPT_SECONDS,
            "podFailurePolicy": {
                "rules": [
                    {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]},
                    {
                        "action": "FailJob",
                        "onExitCodes": {"containerName": "waiter", "operator": "NotIn", "values": [0]},
                    },
                ]
            },
            "template": args.template,
        },
    }


def _render_trigger(args: ScaledJobArgs) -> Output[dict[str, Any]]:
    known = Output.all(
        url=args.inbox_url,
        region=args.region,
        authentication=args.cluster.trigger_authentication,
        environment=args.cluster.environment,
    )

    def render(parts: dict[str, Any]) -> dict[str, Any]:
        endpoint = (parts["environment"] or {}).get("AWS_ENDPOINT_URL")
        return {
            "type": "aws-sqs-queue",
            "authenticationRef": {"name": parts["authentication"]},
            "metadata": {
                "queueURL": parts["url"],
                "queueLength": str(args.batch_size),
                "awsRegion": parts["region"],
                "scaleOnInFlight": "false",
                **({"awsEndpoint": endpoint} if endpoint else {}),
            },
        }

    return known.apply(render)
