"""Target `kubernetes`: Jobs that KEDA starts for what waits in the inbox."""

import base64
import dataclasses
import json
from collections.abc import Sequence
from typing import Any

import pulumi
from pulumi import Output, Resource, ResourceOptions

from intermodal import naming
from intermodal.errors import DefinitionError, Problem
from intermodal.fit import limits_of
from intermodal.function.spec import FunctionSpec, LaneSpec
from intermodal.targets.checks import within
from intermodal.targets.contract import LaneContext, TargetOutputs
from intermodal.targets.k8s_network import create_network
from intermodal.targets.k8s_pod import labels, pod_template
from intermodal.targets.off_lambda import handle_of, lane_problems, longest_run, needs_platform
from intermodal.targets.secret_values import secret_values
from intermodal.validation import Check, gated, problems_of

WORD = "kubernetes"
BATCH_SIZE = 10
MOST_JOBS = 10
"""Where a lane sets no maximum_concurrency."""

POLL_SECONDS = 10
KEPT_SECONDS = 600
"""How long an ended Job stays to be looked at."""


class KubernetesTarget:
    """Runs a lane as Jobs of Kubernetes, none while nothing waits.

    Creates:
        - `{lane}-account` (ServiceAccount): may do nothing in the cluster; its token is the function's role on AWS
        - `{lane}-secrets` (Secret), where the function has some: their values, for the image alone
        - `{lane}-network` (NetworkPolicy): nobody connects to the pods
        - `{lane}-security-groups` (SecurityGroupPolicy of EKS) in a VPC: the pods have the function's security groups
        - `{lane}-jobs` (ScaledJob of KEDA)
    """

    word: str = WORD
    principals: Sequence[str] = ("oidc",)

    def check(self, function: FunctionSpec, lane: LaneSpec) -> list[Problem]:
        """A platform. FIFO is kept: SQS holds a group while it is at work."""
        problems = problems_of(function.timeout_seconds, longest_run(WORD))
        problems += problems_of(function.memory_mib, _memory())
        if function.platform is None:
            problems.append(needs_platform(WORD))
        return problems + lane_problems(function, lane, WORD)

    def gate(self, function: FunctionSpec) -> FunctionSpec:
        """Timeout and memory within what the target takes, whoever reads them."""
        subject = function.subject
        return dataclasses.replace(
            function,
            timeout_seconds=gated(function.timeout_seconds, subject, longest_run(WORD)),
            memory_mib=gated(function.memory_mib, subject, _memory()),
        )

    def deploy(self, context: LaneContext, opts: ResourceOptions) -> TargetOutputs:
        """The account first, the ScaledJob last, once the role may consume."""
        from pulumi_kubernetes import core  # noqa: PLC0415 - only who runs on Kubernetes pays for the import

        function = context.function
        parts = (pulumi.get_project(), pulumi.get_stack(), function.name, context.lane.name)
        handle = handle_of(function)
        namespace = handle["kubernetes_namespace"].apply(lambda name: with_namespace(function.subject, name))
        network = create_network(context, naming.kubernetes(*parts), namespace, opts)
        account = core.v1.ServiceAccount(
            f"{context.name}-account",
            metadata={"name": naming.service_account(*parts), "namespace": namespace, "labels": labels(context)},
            automount_service_account_token=False,
            opts=opts,
        )
        secrets = self._create_secrets(context, naming.kubernetes(*parts), namespace, opts)
        jobs = self._create_jobs(context, naming.kubernetes(*parts), namespace, [account, *secrets, *network], opts)
        return {"namespace": namespace, "scaled_job": jobs.metadata["name"]}

    def _create_secrets(
        self, context: LaneContext, name: str, namespace: Output[str], opts: ResourceOptions
    ) -> list[Resource]:
        """Changed in place, under one name: a Job that was held back meanwhile finds what is valid when it starts."""
        values = secret_values(context.function, WORD, opts.parent)
        if not values:
            return []
        from pulumi_kubernetes import core  # noqa: PLC0415 - see above

        secret = core.v1.Secret(
            f"{context.name}-secrets",
            metadata={"name": name, "namespace": namespace, "labels": labels(context)},
            data={variable: value.apply(_base64) for variable, value in values.items()},
            opts=opts,
        )
        return [secret]

    def _create_jobs(
        self, context: LaneContext, name: str, namespace: Output[str], needed: Sequence[Any], opts: ResourceOptions
    ) -> Any:
        from pulumi_kubernetes import apiextensions  # noqa: PLC0415 - see above

        lane, handle = context.lane, handle_of(context.function)
        most = MOST_JOBS if lane.maximum_concurrency is None else lane.maximum_concurrency
        annotations = {
            # Jobs under way outlive their ScaledJob, and end by themselves.
            "pulumi.com/deletionPropagationPolicy": "orphan",
        }
        if lane.paused or not most:
            annotations["autoscaling.keda.sh/paused"] = "true"
        kueue = handle["kubernetes_queue"].apply(lambda queue: {"kueue.x-k8s.io/queue-name": queue} if queue else {})
        return apiextensions.CustomResource(
            f"{context.name}-jobs",
            api_version="keda.sh/v1alpha1",
            kind="ScaledJob",
            metadata={
                "name": name,
                "namespace": namespace,
                # KEDA copies these labels to its Jobs, where Kueue looks for them.
                "labels": kueue.apply(lambda more: {**labels(context), **more}),
                "annotations": annotations,
            },
            spec=_scaled_job(context, most, needed[0].metadata["name"]),
            opts=ResourceOptions.merge(
                opts, ResourceOptions(depends_on=[*context.ready, *context.inbox.ready, *needed])
            ),
        )


def _scaled_job(context: LaneContext, most: int, account: Any) -> dict[str, Any]:
    """One Job for each batch that waits.

    `accurate` and without what is in flight, because an inbox is shared while its lane moves: what Lambda or ECS hold
    would count as waiting. `gradual`, because the default deletes running Jobs whenever the ScaledJob changes.
    """
    return {
        "pollingInterval": POLL_SECONDS,
        "minReplicaCount": 0,
        "maxReplicaCount": max(1, most),
        "successfulJobsHistoryLimit": 5,
        "failedJobsHistoryLimit": 5,
        "rollout": {"strategy": "gradual"},
        "scalingStrategy": {"strategy": "accurate"},
        "triggers": [_trigger(context)],
        "jobTargetRef": {
            "parallelism": 1,
            "completions": 1,
            "backoffLimit": 0,  # retries are the queue's
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
            "template": pod_template(context, account),
        },
    }


def _trigger(context: LaneContext) -> Output[dict[str, Any]]:
    handle = handle_of(context.function)
    known = Output.all(
        url=context.inbox.url,
        region=handle["region"],
        authentication=handle["kubernetes_trigger_authentication"],
        environment=handle["kubernetes_environment"],
    )

    def trigger(parts: dict[str, str]) -> dict[str, Any]:
        endpoint = json.loads(parts["environment"] or "{}").get("AWS_ENDPOINT_URL")
        return {
            "type": "aws-sqs-queue",
            "authenticationRef": {"name": parts["authentication"]},
            "metadata": {
                "queueURL": parts["url"],
                "queueLength": str(BATCH_SIZE),
                "awsRegion": parts["region"],
                "scaleOnInFlight": "false",
                **({"awsEndpoint": endpoint} if endpoint else {}),
            },
        }

    return known.apply(trigger)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def with_namespace(subject: str, namespace: str) -> str:
    """The namespace of a platform that has a cluster.

    Raises:
        DefinitionError: it has none.
    """
    if not namespace:
        text = "needs a platform with a Kubernetes cluster, and this one has none; give the platform kubernetes: {…}"
        raise DefinitionError(subject, [Problem(path="target kubernetes", text=text)])
    return namespace


def _memory() -> Check:
    return within("memory_mib", limits_of(WORD).memory_mib, WORD, "change it")


TARGET = KubernetesTarget()
