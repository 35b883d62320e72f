"""Arguments of a platform."""

from typing import NotRequired, TypedDict

from pulumi import Input

from intermodal.images.architecture import Architecture
from intermodal.network.args import NetworkArgs

FARGATE, SPOT = "FARGATE", "FARGATE_SPOT"
"""Capacity providers of Fargate (ECS developer guide, Fargate capacity providers)."""


class BusArgs(TypedDict):
    """An EventBridge bus: a new one, or `existing`."""

    existing: NotRequired[Input[str]]
    """Name of an existing bus. Default: a new bus."""


class AdapterArgs(TypedDict):
    """The adapter's image, which runs beside the function's off Lambda: exactly one of `uri` and `build`."""

    uri: NotRequired[Input[str]]
    """An image in a registry that the clusters can pull from, preferably by digest."""
    build: NotRequired[str]
    """Folder with its Dockerfile: `runtime` of this project, or a copy."""
    repository: NotRequired[Input[str]]
    """Repository to which the platform pushes the image of `build`, such as the URL of an ECR repository. The Docker
    that Pulumi reaches builds it, with the extra `intermodal[docker]`; for registries other than ECR, log that Docker
    in. Default: none; the image stays in this machine's Docker."""
    architectures: NotRequired[list[Architecture]]
    """Instruction sets to push: those of the functions. Default: all."""


class EcsArgs(TypedDict):
    """An ECS cluster: a new one, or `existing`."""

    existing: NotRequired[Input[str]]
    """ARN of an existing cluster that has the capacity provider. Default: a new cluster."""
    capacity_provider: NotRequired[Input[str]]
    """Capacity provider of the tasks: FARGATE, FARGATE_SPOT, or the name of an EC2 capacity provider. Default:
    FARGATE."""


class ExistingClusterArgs(TypedDict):
    """An existing Kubernetes cluster with KEDA."""

    kubeconfig: Input[str]
    """Path of a kubeconfig, or its text if that holds no key: the handle contains it."""
    context: NotRequired[Input[str]]
    """Context in the kubeconfig. Default: the current context."""
    oidc_provider_arn: Input[str]
    """ARN of the IAM OIDC provider of the cluster, through which pods assume their role."""
    security_groups: NotRequired[bool]
    """Whether pods can have security groups, which functions with `vpc: true` need: EC2 Linux nodes whose VPC CNI sets
    ENABLE_POD_ENI (EKS user guide, Assign security groups to individual Pods). Default: False."""


class CreatedClusterArgs(TypedDict):
    """A new Kubernetes cluster: EKS Auto Mode with IPv6, in the dual-stack VPC of `network`."""

    version: NotRequired[Input[str]]
    """Kubernetes version as text, "1.36" or later. Default: 1.36."""
    public_access_cidrs: NotRequired[list[Input[str]]]
    """IPv4 CIDR blocks that reach the cluster's public API endpoint, such as those of your CI and office; nodes use the
    private endpoint. Default: all addresses, protected by IAM only."""
    administrators: NotRequired[dict[str, Input[str]]]
    """ARNs of IAM roles and users with cluster-admin access, keyed by a name you choose. Omit the creator, which EKS
    makes an administrator. Default: none."""


class AddonsArgs(TypedDict):
    """Helm charts that the platform installs; charts.json pins their versions."""

    keda: NotRequired[bool]
    """KEDA, which starts the Jobs. Default: True in a new cluster, else False."""
    kueue: NotRequired[bool]
    """Kueue, which suspends Jobs while a quota is used up. Default: as `keda`."""
    fluent_bit: NotRequired[bool]
    """Fluent Bit, which sends the log lines of pods to their functions' log groups. Default: as `keda`. Without it the
    lines stay in the cluster, unless another collector follows the annotation `intermodal/log-group`."""
    external_secrets: NotRequired[bool]
    """External Secrets, which copies AWS secrets into the cluster. Default: False."""


class KubernetesArgs(TypedDict):
    """A Kubernetes cluster for target `kubernetes`: exactly one of `existing` and `create`."""

    existing: NotRequired[ExistingClusterArgs]
    """An existing cluster."""
    create: NotRequired[CreatedClusterArgs]
    """A new cluster."""
    addons: NotRequired[AddonsArgs]
    """Add-ons to install in the cluster."""
    namespace: NotRequired[str]
    """Namespace of the functions, created by the platform. Default: `functions`."""
    maximum_pods: NotRequired[int]
    """Quota of pods for all functions, enforced by Kueue: Jobs above it wait. Raise the quota before you remove it, or
    suspended Jobs wait forever. Default: no quota."""
    priority_class: NotRequired[Input[str]]
    """PriorityClass of the pods, which must exist. Default: the cluster's own."""
    environment: NotRequired[dict[str, Input[str]]]
    """Variables of every container, such as a proxy or an AWS endpoint. Default: none."""


class PlatformArgs(TypedDict):
    """Arguments of a Platform; a part that is not given is not created."""

    network: NotRequired[NetworkArgs]
    """The VPC, new or existing. Default: none; no function can run in a VPC."""
    bus: NotRequired[BusArgs]
    """An event bus of the platform's own. Default: none; every account has `default`."""
    ecs: NotRequired[EcsArgs]
    """An ECS cluster for target `ecs`; functions on it run in the VPC of `network`. Default: none."""
    kubernetes: NotRequired[KubernetesArgs]
    """A Kubernetes cluster for target `kubernetes`. Default: none."""
    adapter: NotRequired[AdapterArgs]
    """The adapter's image. Default with a cluster: built from the folder `runtime`, for this machine's Docker."""
    tags: NotRequired[dict[str, Input[str]]]
    """Tags of every taggable child. Default: none."""


class PlatformHandle(TypedDict):
    """A platform in the form that crosses stacks: flat, versioned, without secrets; None for missing parts."""

    version: Input[int]
    """Version of the handle's format."""
    region: Input[str]
    """Region of all parts."""
    account_id: Input[str]
    """Account of all parts."""
    reachable_services: Input[list[str]]
    """AWS services that the private subnets reach, by endpoint name; `*` for all, or if unknown."""
    adapter_image: Input[str | None]
    """Image of the adapter; None without a cluster."""
    vpc_id: Input[str | None]
    """ID of the VPC."""
    private_subnet_ids: Input[list[str] | None]
    """Subnets of the functions."""
    dualstack: Input[bool | None]
    """Whether the subnets have IPv6 addresses."""
    bus_name: Input[str | None]
    """Name of the bus."""
    bus_arn: Input[str | None]
    """ARN of the bus."""
    ecs_cluster_arn: Input[str | None]
    """ARN of the ECS cluster."""
    ecs_capacity_provider: Input[str | None]
    """Capacity provider of the tasks."""
    kubernetes_kubeconfig: Input[str | None]
    """Kubeconfig of the cluster: text without keys, or a path."""
    kubernetes_context: Input[str | None]
    """Context in the kubeconfig; None for the current one."""
    kubernetes_oidc_provider_arn: Input[str | None]
    """ARN of the cluster's IAM OIDC provider."""
    kubernetes_namespace: Input[str | None]
    """Namespace of the functions."""
    kubernetes_queue: Input[str | None]
    """Kueue's LocalQueue in the namespace; None without a quota."""
    kubernetes_trigger_authentication: Input[str | None]
    """TriggerAuthentication in the namespace, with which KEDA reads queues."""
    kubernetes_priority_class: Input[str | None]
    """PriorityClass of the pods; None for the cluster's own."""
    kubernetes_environment: Input[dict[str, str] | None]
    """Variables of every container."""
    kubernetes_security_groups: Input[bool | None]
    """Whether pods can have security groups of their own, through a SecurityGroupPolicy."""
    kubernetes_pod_security_group_id: Input[str | None]
    """Additional security group of such pods; None on an existing cluster."""
    kubernetes_in_network: Input[bool | None]
    """Whether all pods run in the private subnets, because the platform created the cluster there."""
