"""The Kubernetes cluster of a platform: created, or adopted; its namespace and quota."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi import Input, Output, ProviderResource, Resource, ResourceOptions

from intermodal.platform import quantity
from intermodal.platform.addons import ADDONS, install
from intermodal.platform.args import KubernetesArgs
from intermodal.platform.eks import create_cluster, enforce_network_policies
from intermodal.platform.fluent_bit import fluent_bit_values
from intermodal.platform.handle import ADDED
from intermodal.platform.keda import keda_values
from intermodal.platform.node_pool import create_arm64_pool
from intermodal.platform.pod_security import create_pod_security_group
from intermodal.platform.provider import create_provider

if TYPE_CHECKING:
    from intermodal.network.component import Network

NAMESPACE = "functions"
QUEUE = "functions"
AUTHENTICATION = "intermodal-keda"
UNREACHED = {"cpu": "1M", "memory": "1000000Gi", "ephemeral-storage": "1000000Gi"}


@dataclass(frozen=True, kw_only=True)
class KubernetesCluster:
    """What the handle says of it, and its provider."""

    provider: ProviderResource | None
    handle: Mapping[str, Input[Any]]


NO_KUBERNETES = KubernetesCluster(
    provider=None,
    handle={key: nothing for keys in ADDED.values() for key, nothing in keys.items() if key.startswith("kubernetes_")},
)


def create_kubernetes(
    name: str, args: KubernetesArgs, network: "Network | None", tags: Mapping[str, Input[str]], parent: Resource
) -> KubernetesCluster:
    """The cluster with its one provider, the namespace in it, and what KEDA and Kueue are told there."""
    pods: Input[str] = ""
    if "existing" in args:
        existing = args["existing"]
        kubeconfig, context = existing["kubeconfig"], existing.get("context", "")
        oidc: Input[str] = existing["oidc_provider_arn"]
        security_groups = existing.get("security_groups", False)
    else:
        assert network is not None  # noqa: S101 - the spec has seen to it
        cluster = create_cluster(name, args["create"], network, tags, parent)
        kubeconfig, oidc = cluster.kubeconfig, cluster.oidc_provider_arn
        pods = create_pod_security_group(name, network.vpc_id, cluster.node_security_group_id, tags, parent)
        # Auto Mode has them from Kubernetes 1.36 on (EKS user guide, auto-sgp), and no older one is created.
        context, security_groups = "", True
    provider = create_provider(f"{name}-kubernetes", kubeconfig, context, parent)
    opts = ResourceOptions(parent=parent, provider=provider)
    if "create" in args:
        enforce_network_policies(name, opts)
        create_arm64_pool(name, opts)
    wanted = {word: args.get("addons", {}).get(word, "create" in args and usual) for word, usual in ADDONS.items()}
    namespace_name = args.get("namespace", NAMESPACE)
    values: dict[str, Any] = {}
    if wanted["keda"]:
        values["keda"] = keda_values(name, oidc, tags, parent)
    if wanted["fluent_bit"]:
        values["fluent_bit"] = fluent_bit_values(name, namespace_name, oidc, tags, parent)
    charts = [install(name, word, values.get(word), opts) for word, on in wanted.items() if on]
    after = ResourceOptions.merge(opts, ResourceOptions(depends_on=charts))
    namespace = _create_namespace(name, namespace_name, opts)
    queue = _create_quota(name, args["maximum_pods"], namespace, after) if "maximum_pods" in args else ""
    handle: dict[str, Input[Any]] = {
        "kubernetes_kubeconfig": kubeconfig,
        "kubernetes_context": context,
        "kubernetes_oidc_provider_arn": oidc,
        "kubernetes_namespace": namespace,
        "kubernetes_queue": queue,
        "kubernetes_trigger_authentication": _create_authentication(name, namespace, after),
        "kubernetes_priority_class": args.get("priority_class", ""),
        "kubernetes_environment": Output.from_input(dict(args.get("environment", {}))).apply(json.dumps),
        "kubernetes_security_groups": security_groups,
        "kubernetes_pod_security_group_id": pods,
        "kubernetes_in_network": "create" in args,
    }
    return KubernetesCluster(provider=provider, handle=handle)


def _create_namespace(name: str, namespace: str, opts: ResourceOptions) -> Output[str]:
    from pulumi_kubernetes import core  # noqa: PLC0415 - only who has a cluster pays for the import

    labels = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "warn")}
    made = core.v1.Namespace(f"{name}-namespace", metadata={"name": namespace, "labels": labels}, opts=opts)
    return made.metadata["name"]


def _create_authentication(name: str, namespace: Output[str], opts: ResourceOptions) -> Output[str]:
    """KEDA reads queues with its operator's own role, never with a function's (`keda.keda_values`; where it was there
    before, its role has to allow sqs:GetQueueAttributes)."""
    made = _custom(
        f"{name}-keda",
        "keda.sh/v1alpha1",
        "TriggerAuthentication",
        {"name": AUTHENTICATION, "namespace": namespace},
        {"podIdentity": {"provider": "aws", "identityOwner": "keda"}},
        opts,
    )
    return Output.from_input(made.metadata).apply(lambda metadata: str(metadata["name"]))


def _create_quota(name: str, pods: int, namespace: Output[str], opts: ResourceOptions) -> Output[str]:
    """A quota of pods. Kueue admits only what asks for nothing else, so CPU and memory get one that nobody reaches."""
    flavor = _custom(f"{name}-flavor", "kueue.x-k8s.io/v1beta1", "ResourceFlavor", {"name": name}, {}, opts)
    quotas = {"pods": quantity.count(pods), **UNREACHED}
    resources = [{"name": name, "nominalQuota": quota} for name, quota in quotas.items()]
    cluster_queue = _custom(
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
    queue = _custom(
        f"{name}-queue",
        "kueue.x-k8s.io/v1beta1",
        "LocalQueue",
        {"name": QUEUE, "namespace": namespace},
        {"clusterQueue": cluster_queue.metadata["name"]},
        opts,
    )
    return Output.from_input(queue.metadata).apply(lambda metadata: str(metadata["name"]))


def _custom(name: str, version: str, kind: str, metadata: Any, spec: Any, opts: ResourceOptions) -> Any:
    from pulumi_kubernetes import apiextensions  # noqa: PLC0415 - only who has a cluster pays for the import

    return apiextensions.CustomResource(name, api_version=version, kind=kind, metadata=metadata, spec=spec, opts=opts)
