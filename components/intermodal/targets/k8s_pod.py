"""The pod of a Job: the image beside the adapter, and a main process that ends with the adapter's verdict.

Adapter and app are native sidecars in this order: they start one after the other and are stopped in reverse once the
main process, the waiter, has ended (KEP-753). Sidecars' exit codes do not count, so the verdict comes from the waiter.
"""

import json
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi import Input, Output

from intermodal import naming
from intermodal.function.spec import FunctionSpec
from intermodal.platform import quantity
from intermodal.platform.annotations import LOG_GROUP
from intermodal.platform.node_pool import ARCHITECTURE
from intermodal.targets.contract import LaneContext
from intermodal.targets.off_lambda import APP_GROUP, APP_USER, adapter_command, app_environment, handle_of, pairs

RUN_SECONDS = 600
"""How long a Job goes on to take new messages: one that a deletion left alone ends soon, too."""

ADAPTER_LIMIT_MIB = 256
"""Ten messages of a mebibyte whose text is not of the Basic Multilingual Plane take 137 MB, four bytes a character."""

ADAPTER_USER = 65532

TOKEN_FOLDER = "/var/run/secrets/intermodal"  # noqa: S105 - a path
SHORTEST_TOKEN_SECONDS = 3600
MIB_OF_A_VCPU = 1769
ARCHITECTURES = {"x86_64": "amd64", "arm64": "arm64"}
LONGEST_GRACE_SECONDS = 3600


def labels(context: LaneContext) -> dict[str, Input[str]]:
    """Of everything of a lane."""
    parts = (pulumi.get_project(), pulumi.get_stack(), context.function.name, context.lane.name)
    return {
        "app.kubernetes.io/name": naming.kubernetes(*parts),
        "app.kubernetes.io/managed-by": "intermodal",
        "intermodal/function": context.function.name,
        "intermodal/lane": context.lane.name,
    }


def pod_template(context: LaneContext, account: Input[str]) -> dict[str, Any]:
    """Meets the Pod Security standard `restricted`."""
    function, handle = context.function, handle_of(context.function)
    grace = Output.from_input(function.timeout_seconds).apply(_grace)
    variables = handle["kubernetes_environment"].apply(lambda text: json.loads(text or "{}"))
    ours = _identity(context)
    return {
        "metadata": {
            "labels": labels(context),
            "annotations": {
                LOG_GROUP: context.log_group.name,
                "karpenter.sh/do-not-disrupt": "true",
                "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
            },
        },
        "spec": {
            "restartPolicy": "Never",
            "serviceAccountName": account,
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            # So that the adapter sees what a run costs (`usage` in the runtime), and the app, which is not process 1
            # then, ends by kubelet's SIGTERM: no sooner than the main process has the adapter's verdict.
            "shareProcessNamespace": True,
            "terminationGracePeriodSeconds": grace,
            # Of the pod and not of its Job, which counts while no node has room: work would be cut short for it.
            "activeDeadlineSeconds": Output.from_input(function.timeout_seconds).apply(longest_job),
            "priorityClassName": handle["kubernetes_priority_class"].apply(lambda name: name or None),
            "nodeSelector": {ARCHITECTURE: ARCHITECTURES[function.architecture.value]},
            "tolerations": [{"key": ARCHITECTURE, "operator": "Exists", "effect": "NoSchedule"}],
            "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
            "volumes": [_token_volume(function), {"name": "tmp", "emptyDir": {"sizeLimit": "512Mi"}}],
            "initContainers": [
                _adapter(context, _variables(variables, ours)),
                _app(context, _app_variables(context, variables, ours)),
            ],
            "containers": [_waiter(context)],
        },
    }


def _grace(timeout_seconds: float) -> int:
    """A pod may take as long to stop as its work does, up to an hour."""
    return min(max(120, int(timeout_seconds) + 30), LONGEST_GRACE_SECONDS)


def _variables(shared: Output[Mapping[str, str]], own: Mapping[str, Input[str]]) -> Output[Any]:
    return Output.all(shared, Output.from_input(dict(own))).apply(
        lambda known: list(pairs({name: literal(value) for name, value in {**known[0], **known[1]}.items()}))
    )


def literal(text: str | None) -> str:
    """Return a text that kubelet turns into `text`: it expands `$(NAME)` and makes one `$` of two (Kubernetes
    documentation, Define dependent environment variables). Lambda and ECS take values as they are."""
    return (text or "").replace("$", "$$")


def _app_variables(
    context: LaneContext, shared: Output[Mapping[str, str]], ours: Mapping[str, Input[str]]
) -> Output[Any]:
    """The definition's, with the secrets by reference: their values are in no Job."""
    parts = (pulumi.get_project(), pulumi.get_stack(), context.function.name, context.lane.name)
    secret = naming.kubernetes(*parts)
    referred = [
        {"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": name}}}
        for name in sorted(context.function.secrets)
    ]
    plain = _variables(shared, {**ours, **app_environment(context, "kubernetes")})
    return plain.apply(lambda known: [*known, *referred])


def _identity(context: LaneContext) -> dict[str, Input[str]]:
    """How every SDK takes the function's role: by the token of the pod's ServiceAccount."""
    return {
        "AWS_ROLE_ARN": context.role.arn,
        "AWS_WEB_IDENTITY_TOKEN_FILE": f"{TOKEN_FOLDER}/token",
        "AWS_STS_REGIONAL_ENDPOINTS": "regional",  # older SDKs ask the global one, which no endpoint leads to
        "AWS_REGION": handle_of(context.function)["region"],
    }


def longest_job(timeout_seconds: float) -> int:
    """Seconds that a pod may take on its node: its images, new messages for RUN_SECONDS at most, then the last one."""
    return 2 * RUN_SECONDS + int(timeout_seconds)


def _token_volume(function: FunctionSpec) -> dict[str, Any]:
    """A token that lasts as long as its Job: once a lane has moved, its ServiceAccount is gone and nobody renews it."""
    seconds = Output.from_input(function.timeout_seconds).apply(
        lambda timeout: max(SHORTEST_TOKEN_SECONDS, longest_job(timeout) + _grace(timeout))
    )
    token = {"audience": "sts.amazonaws.com", "expirationSeconds": seconds, "path": "token"}
    return {"name": "token", "projected": {"sources": [{"serviceAccountToken": token}]}}


def _adapter(context: LaneContext, variables: Output[Any]) -> dict[str, Any]:
    grace = Output.from_input(context.function.timeout_seconds).apply(lambda seconds: str(_grace(seconds)))
    command = adapter_command(context, "kubernetes", "--wait-for-stop", "--empty-polls", "1", "--poll-seconds", "5")
    # The later word counts: a pod has more time to stop than a task has.
    command += ["--run-seconds", str(RUN_SECONDS), "--app-user", str(APP_USER), "--grace-seconds", grace]
    return {
        "name": "adapter",
        "image": handle_of(context.function)["adapter_image"],
        "imagePullPolicy": "IfNotPresent",
        "restartPolicy": "Always",
        "args": command,
        "env": variables,
        # The app starts once this hook has ended. A start-up probe says the same up to a second later, at its next
        # tick, and beside another one may leave the main process waiting (kubernetes#132826).
        "lifecycle": {"postStart": {"exec": {"command": ["python", "-m", "intermodal_runtime", "gate"]}}},
        "resources": {
            "requests": {"cpu": "50m", "memory": "64Mi"},
            "limits": {"memory": f"{ADAPTER_LIMIT_MIB}Mi"},
        },
        "securityContext": _restricted(ADAPTER_USER, ADAPTER_USER),
        "volumeMounts": [{"name": "token", "mountPath": TOKEN_FOLDER, "readOnly": True}],
    }


def _app(context: LaneContext, variables: Output[Any]) -> dict[str, Any]:
    function = context.function
    memory = Output.from_input(function.memory_mib)
    cpu = memory.apply(lambda mib: quantity.millicores(round(max(function.vcpu, int(mib) / MIB_OF_A_VCPU) * 1000)))
    size = memory.apply(lambda mib: quantity.mebibytes(int(mib)))
    return {
        "name": "app",
        "image": function.image,
        "imagePullPolicy": "IfNotPresent",
        "restartPolicy": "Always",
        "env": variables,
        "resources": {"requests": {"cpu": cpu, "memory": size}, "limits": {"memory": size}},
        "securityContext": _restricted(APP_USER, APP_GROUP),
        "volumeMounts": [
            {"name": "token", "mountPath": TOKEN_FOLDER, "readOnly": True},
            {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108 - the one place that Lambda lets be written
        ],
    }


def _waiter(context: LaneContext) -> dict[str, Any]:
    return {
        "name": "waiter",
        "image": handle_of(context.function)["adapter_image"],
        "imagePullPolicy": "IfNotPresent",
        "args": ["waiter"],
        "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "64Mi"}},
        "securityContext": _restricted(ADAPTER_USER, ADAPTER_USER),
    }


def _restricted(user: int, group: int) -> dict[str, Any]:
    return {
        "runAsUser": user,
        "runAsGroup": group,
        "runAsNonRoot": True,
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
