"""Define a Job's pod: the image, the adapter, and a main container that exits with the adapter's exit status.

The adapter and the app are native sidecar containers. They start in this order, and stop in reverse order after the
main container, the waiter, has exited (KEP-753). Kubernetes ignores the exit codes of sidecars, so the waiter exits
with the adapter's exit status.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from pulumi import Input, Output

from intermodal.definition.resolve import EPHEMERAL_STORAGE_MIB
from intermodal.definition.spec import KubernetesOptions, ProcessSpec
from intermodal.images.architecture import Architecture
from intermodal.limits import mib_per_vcpu
from intermodal.platform import quantity
from intermodal.platform.labels import ARCHITECTURE, LOG_GROUP
from intermodal.targets.adapter import ADAPTER_USER, APP_GROUP, APP_USER, name_value_pairs

RUN_SECONDS = 600
"""Seconds for which a Job receives new messages, so that a Job finishes soon after its ScaledJob is deleted."""

ADAPTER_LIMIT_MIB = 256
"""Memory limit of the adapter. Ten 1 MiB messages with characters outside the Basic Multilingual Plane need 137 MB, at
four bytes per character."""

TOKEN_FOLDER = "/var/run/secrets/intermodal"  # noqa: S105 - a path
SHORTEST_TOKEN_SECONDS = 3600
NODE_ARCHITECTURES = {Architecture.X86_64: "amd64", Architecture.ARM64: "arm64"}
"""Node label values by architecture (Kubernetes documentation, Well-Known Labels: kubernetes.io/arch)."""

LONGEST_GRACE_SECONDS = 3600


@dataclass(frozen=True, kw_only=True)
class PodArgs:
    """Arguments for a lane's pods."""

    labels: Mapping[str, Input[str]]
    service_account: Input[str]
    image: Input[str]
    process: ProcessSpec
    options: KubernetesOptions
    ephemeral_storage_mib: int
    architecture: Architecture
    memory_mib: Input[int]
    vcpu: float
    timeout_seconds: Input[int]
    variables: Mapping[str, Input[str]]
    """Environment variables for the app container."""
    secret: str
    """Name of the Secret that contains the values for `secret_variables`."""
    secret_variables: Iterable[str]
    adapter_image: Input[str]
    adapter_command: Sequence[Input[str]]
    shared_variables: Output[Mapping[str, str]]
    """Environment variables for all containers on the platform."""
    priority_class: Output[str | None]
    role_arn: Input[str]
    region: Input[str]
    log_group_name: Input[str]


def pod_template(args: PodArgs) -> dict[str, Any]:
    """Return a pod template that meets the `restricted` Pod Security Standard."""
    template = _render_template(args)
    return {**template, "spec": merge_patch(template["spec"], args.options.pod_patch)}


def merge_patch(value: Any, patch: Any) -> Any:
    """Apply a patch to a value: merge mappings, merge lists of named items by name, delete on None, else replace."""
    if isinstance(value, Mapping) and isinstance(patch, Mapping):
        merged = {key: merge_patch(value.get(key), item) for key, item in patch.items() if item is not None}
        return {**{key: item for key, item in value.items() if key not in patch}, **merged}
    if _is_named(value) and _is_named(patch):
        changes = {item["name"]: item for item in patch}
        kept = [merge_patch(item, changes.pop(item["name"], {})) for item in value]
        return [*kept, *changes.values()]
    return patch


def _is_named(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, Mapping) and "name" in item for item in value)


def _render_template(args: PodArgs) -> dict[str, Any]:
    timeout, options = Output.from_input(args.timeout_seconds), args.options
    return {
        "metadata": {
            "labels": args.labels,
            "annotations": {
                **options.annotations,
                LOG_GROUP: args.log_group_name,
                "karpenter.sh/do-not-disrupt": "true",
                "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
            },
        },
        "spec": {
            "restartPolicy": "Never",
            "serviceAccountName": args.service_account,
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            # With a shared process namespace, the adapter can measure the app (`usage` in the runtime). The app is also
            # not PID 1, so it exits on the kubelet's SIGTERM, which follows the main container's exit.
            "shareProcessNamespace": True,
            "terminationGracePeriodSeconds": timeout.apply(_grace_seconds),
            # Set the deadline on the pod, because a Job's deadline includes the time spent waiting for a node.
            "activeDeadlineSeconds": timeout.apply(deadline_seconds),
            "priorityClassName": args.priority_class if options.priority_class is None else options.priority_class,
            "nodeSelector": {ARCHITECTURE: NODE_ARCHITECTURES[args.architecture], **options.node_selector},
            "tolerations": [
                {"key": ARCHITECTURE, "operator": "Exists", "effect": "NoSchedule"},
                *options.tolerations,
            ],
            "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
            "volumes": [_token_volume(timeout), {"name": "tmp", "emptyDir": {"sizeLimit": _storage(args)}}],
            "initContainers": [_adapter_container(args), _app_container(args)],
            "containers": [_waiter_container(args.adapter_image)],
        },
    }


def _grace_seconds(timeout_seconds: float) -> int:
    """Return the grace period: the timeout plus 30 s, at least 120 s and at most an hour."""
    return min(max(120, int(timeout_seconds) + 30), LONGEST_GRACE_SECONDS)


def _list_variables(shared: Output[Mapping[str, str]], own: Mapping[str, Input[str]]) -> Output[Any]:
    return Output.all(shared, Output.from_input(dict(own))).apply(
        lambda known: list(
            name_value_pairs({name: escape_dollars(value) for name, value in {**known[0], **known[1]}.items()})
        )
    )


def escape_dollars(text: str | None) -> str:
    """Escape a string so that the kubelet passes it unchanged.

    The kubelet expands `$(NAME)` and replaces `$$` with `$` (Kubernetes documentation, Define dependent environment
    variables). Lambda and ECS pass values unchanged.
    """
    return (text or "").replace("$", "$$")


def _list_app_variables(args: PodArgs) -> Output[Any]:
    """Return the app's variables; secrets are references, so that Jobs do not contain their values."""
    referred = [
        {"name": name, "valueFrom": {"secretKeyRef": {"name": args.secret, "key": name}}}
        for name in sorted(args.secret_variables)
    ]
    plain = _list_variables(args.shared_variables, {**_identity_variables(args), **args.variables})
    return plain.apply(lambda known: [*known, *referred])


def _identity_variables(args: PodArgs) -> dict[str, Input[str]]:
    """Return the variables that let AWS SDKs assume the function's role with the ServiceAccount token."""
    return {
        "AWS_ROLE_ARN": args.role_arn,
        "AWS_WEB_IDENTITY_TOKEN_FILE": f"{TOKEN_FOLDER}/token",
        "AWS_STS_REGIONAL_ENDPOINTS": "regional",  # older SDKs use the global endpoint, which has no VPC endpoint
        "AWS_REGION": args.region,
    }


def deadline_seconds(timeout_seconds: float) -> int:
    """Return a pod's deadline on its node: time to pull images, receive messages and finish the last run."""
    return 2 * RUN_SECONDS + int(timeout_seconds)


def _token_volume(timeout_seconds: Output[int]) -> dict[str, Any]:
    """Return a token volume that is valid for the whole Job: a move deletes the ServiceAccount, preventing renewal."""
    seconds = timeout_seconds.apply(
        lambda timeout: max(SHORTEST_TOKEN_SECONDS, deadline_seconds(timeout) + _grace_seconds(timeout))
    )
    token = {"audience": "sts.amazonaws.com", "expirationSeconds": seconds, "path": "token"}
    return {"name": "token", "projected": {"sources": [{"serviceAccountToken": token}]}}


def _adapter_container(args: PodArgs) -> dict[str, Any]:
    grace = Output.from_input(args.timeout_seconds).apply(lambda seconds: str(_grace_seconds(seconds)))
    # The last --grace-seconds takes precedence; pods have a longer grace period than tasks.
    polls = ["--wait-for-stop", "--empty-polls", "1", "--poll-seconds", "5", "--run-seconds", str(RUN_SECONDS)]
    return {
        "name": "adapter",
        "image": args.adapter_image,
        "imagePullPolicy": "IfNotPresent",
        "restartPolicy": "Always",
        "args": [*args.adapter_command, *polls, "--app-user", str(APP_USER), "--grace-seconds", grace],
        "env": _list_variables(args.shared_variables, _identity_variables(args)),
        # The app starts when this hook returns. A startup probe would delay it by up to a second, and with two probes,
        # the main container may never start (kubernetes#132826).
        "lifecycle": {"postStart": {"exec": {"command": ["python", "-m", "intermodal_runtime", "gate"]}}},
        "resources": {
            "requests": {"cpu": "50m", "memory": "64Mi"},
            "limits": {"memory": f"{ADAPTER_LIMIT_MIB}Mi"},
        },
        "securityContext": _restricted_context(ADAPTER_USER, ADAPTER_USER),
        "volumeMounts": [{"name": "token", "mountPath": TOKEN_FOLDER, "readOnly": True}],
    }


def _app_container(args: PodArgs) -> dict[str, Any]:
    memory = Output.from_input(args.memory_mib)
    size = memory.apply(lambda mib: quantity.format_mebibytes(int(mib)))
    return {
        "name": "app",
        "image": args.image,
        **_process(args.process),
        "imagePullPolicy": "IfNotPresent",
        "restartPolicy": "Always",
        "env": _list_app_variables(args),
        "resources": {"requests": _requests(args, memory, size), "limits": {"memory": size}},
        "securityContext": _restricted_context(APP_USER, APP_GROUP),
        "volumeMounts": [
            {"name": "token", "mountPath": TOKEN_FOLDER, "readOnly": True},
            {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108 - the only writable folder on Lambda
        ],
    }


def _requests(args: PodArgs, memory: Output[int], size: Output[str]) -> dict[str, Input[str]]:
    """Return what the scheduler reserves for the app: all of its memory, and Lambda's share of CPU, by default."""
    options = args.options

    def choose_millicores(mib: int) -> int:
        share = max(args.vcpu, int(mib) / mib_per_vcpu()) if options.vcpu_request is None else options.vcpu_request
        return round(share * 1000)

    request = options.memory_request_mib
    return {
        "cpu": memory.apply(lambda mib: quantity.format_millicores(choose_millicores(mib))),
        "memory": size if request is None else quantity.format_mebibytes(request),
        **_storage_request(args),
    }


def _process(process: ProcessSpec) -> dict[str, Any]:
    """Return overrides of the image's process settings; Kubernetes calls the entry point `command`."""
    found = {
        "args": process.command and [_escape(word) for word in process.command],
        "command": process.entry_point and [_escape(word) for word in process.entry_point],
        "workingDir": process.working_directory,
    }
    return {key: value for key, value in found.items() if value is not None}


def _escape(word: Input[str]) -> Input[str]:
    return word.apply(escape_dollars) if isinstance(word, Output) else escape_dollars(cast("str", word))


def _storage(args: PodArgs) -> str:
    return quantity.format_mebibytes(args.ephemeral_storage_mib)


def _storage_request(args: PodArgs) -> dict[str, str]:
    """Return the request for ephemeral storage, or an empty dict for the default size."""
    return {} if args.ephemeral_storage_mib == EPHEMERAL_STORAGE_MIB else {"ephemeral-storage": _storage(args)}


def _waiter_container(adapter_image: Input[str]) -> dict[str, Any]:
    return {
        "name": "waiter",
        "image": adapter_image,
        "imagePullPolicy": "IfNotPresent",
        "args": ["waiter"],
        "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "64Mi"}},
        "securityContext": _restricted_context(ADAPTER_USER, ADAPTER_USER),
    }


def _restricted_context(user: int, group: int) -> dict[str, Any]:
    return {
        "runAsUser": user,
        "runAsGroup": group,
        "runAsNonRoot": True,
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
