"""Create a platform's Kubernetes cluster, or use an existing cluster, and create its namespace and quota."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import Any

from pulumi import Input, Output, ProviderResource, Resource, ResourceOptions
from pulumi_kubernetes import apiextensions, core

from intermodal.platform import quantity
from intermodal.platform.addons import install_chart
from intermodal.platform.args import ExistingClusterArgs, KubernetesArgs
from intermodal.platform.fluent_bit import fluent_bit_values
from intermodal.platform.keda import keda_values
from intermodal.platform.kubernetes_spec import ADDONS
from intermodal.platform.provider import create_provider

NAMESPACE = "functions"
QUEUE = "functions"
AUTHENTICATION = "intermodal-keda"
UNLIMITED = {"cpu": "1M", "memory": "1000000Gi", "ephemeral-storage": "1000000Gi"}

CREATED_CLUSTER = "intermodal.platform.created_cluster"
"""Module that creates a cluster. It is loaded on first use, because importing the EKS SDK takes seconds."""


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """A cluster before the platform's resources are added."""

    kubeconfig: Input[str]
    context: Input[str] | None
    oidc_provider_arn: Input[str]
    security_groups: Input[bool]
    pod_security_group_id: Input[str] | None


@dataclass(frozen=True, kw_only=True)
class PlatformCluster:
    """The cluster's provider and the values of `KubernetesFacts`."""

    provider: ProviderResource
    facts: Mapping[str, Input[Any]]


def create_kubernetes(
    name: str, args: KubernetesArgs, network: Any, tags: Mapping[str, Input[str]], parent: Resource
) -> PlatformCluster:
    """Create the cluster, if requested, and its provider, namespace, add-ons, and resources for KEDA and Kueue."""
    created = "create" in args
    cluster = (
        resolve_name(f"{CREATED_CLUSTER}:create_eks")(name, args["create"], network, tags, parent)
        if created
        else _describe_existing(args["existing"])
    )
    provider = create_provider(f"{name}-kubernetes", cluster.kubeconfig, cluster.context or "", parent)
    opts = ResourceOptions(parent=parent, provider=provider)
    if created:
        resolve_name(f"{CREATED_CLUSTER}:configure_auto_mode")(name, opts)
    charts = _install_charts(name, args, cluster.oidc_provider_arn, tags, opts)
    after = ResourceOptions.merge(opts, ResourceOptions(depends_on=charts))
    namespace = _create_namespace(name, args.get("namespace", NAMESPACE), opts)
    queue = _create_quota(name, args["maximum_pods"], namespace, after) if "maximum_pods" in args else None
    facts: dict[str, Input[Any]] = {
        "kubeconfig": cluster.kubeconfig,
        "context": cluster.context,
        "oidc_provider_arn": cluster.oidc_provider_arn,
        "namespace": namespace,
        "queue": queue,
        "trigger_authentication": _create_authentication(name, namespace, after),
        "priority_class": args.get("priority_class"),
        "environment": dict(args.get("environment", {})),
        "security_groups": cluster.security_groups,
        "pod_security_group_id": cluster.pod_security_group_id,
        "in_network": created,
    }
    return PlatformCluster(provider=provider, facts=facts)


def _describe_existing(args: ExistingClusterArgs) -> Cluster:
    return Cluster(
        kubeconfig=args["kubeconfig"],
        context=args.get("context"),
        oidc_provider_arn=args["oidc_provider_arn"],
        security_groups=args.get("security_groups", False),
        pod_security_group_id=None,
    )


def _install_charts(
    name: str, args: KubernetesArgs, oidc: Input[str], tags: Mapping[str, Input[str]], opts: ResourceOptions
) -> Sequence[Resource]:
    given: Mapping[str, Any] = args.get("addons", {})
    wanted = {addon: given.get(addon, "create" in args and usual) for addon, usual in ADDONS.items()}
    assert opts.parent is not None  # noqa: S101 - the parent is the platform
    values: dict[str, Any] = {}
    if wanted["keda"]:
        values["keda"] = keda_values(name, oidc, tags, opts.parent)
    if wanted["fluent_bit"]:
        values["fluent_bit"] = fluent_bit_values(name, args.get("namespace", NAMESPACE), oidc, tags, opts.parent)
    return [install_chart(name, addon, values.get(addon), opts) for addon, on in wanted.items() if on]


def _create_namespace(name: str, namespace: str, opts: ResourceOptions) -> Output[str]:
    labels = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "warn")}
    made = core.v1.Namespace(f"{name}-namespace", metadata={"name": namespace, "labels": labels}, opts=opts)
    return made.metadata["name"]


def _create_authentication(name: str, namespace: Output[str], opts: ResourceOptions) -> Output[str]:
    """Create the TriggerAuthentication that lets KEDA read queue attributes with its operator's role.

    KEDA never uses a function's role. In an existing KEDA installation, the operator's role must allow
    sqs:GetQueueAttributes.
    """
    made = _create_custom(
        f"{name}-keda",
        "keda.sh/v1alpha1",
        "TriggerAuthentication",
        {"name": AUTHENTICATION, "namespace": namespace},
        {"podIdentity": {"provider": "aws", "identityOwner": "keda"}},
        opts,
    )
    return Output.from_input(made.metadata).apply(lambda metadata: str(metadata["name"]))


def _create_quota(name: str, pods: int, namespace: Output[str], opts: ResourceOptions) -> Output[str]:
    """Create a pod quota, and practically unlimited quotas for CPU, memory and ephemeral storage.

    Kueue admits a workload only if all its resources have a quota.
    """
    flavor = _create_custom(f"{name}-flavor", "kueue.x-k8s.io/v1beta1", "ResourceFlavor", {"name": name}, {}, opts)
    quotas = {"pods": quantity.format_count(pods), **UNLIMITED}
    resources = [{"name": name, "nominalQuota": quota} for name, quota in quotas.items()]
    cluster_queue = _create_custom(
        f"{name}-cluster-queue",
        "kueue.x-k8s.io/v1beta1",
        "ClusterQueue",
        {"name": name},
        {
            "namespaceSelector": {},
            "resourceGroups": [
                {
                    "coveredResources": list(quotas),
                    "flavors": [{"name": flavor.metadata["name"], "resources": resources}],
                }
            ],
        },
        opts,
    )
    queue = _create_custom(
        f"{name}-queue",
        "kueue.x-k8s.io/v1beta1",
        "LocalQueue",
        {"name": QUEUE, "namespace": namespace},
        {"clusterQueue": cluster_queue.metadata["name"]},
        opts,
    )
    return Output.from_input(queue.metadata).apply(lambda metadata: str(metadata["name"]))


def _create_custom(name: str, version: str, kind: str, metadata: Any, spec: Any, opts: ResourceOptions) -> Any:
    return apiextensions.CustomResource(name, api_version=version, kind=kind, metadata=metadata, spec=spec, opts=opts)
