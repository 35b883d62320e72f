"""What a caller may say of a platform."""

from typing import NotRequired, TypedDict

from pulumi import Input

from intermodal.images.architecture import Architecture
from intermodal.network.args import NetworkArgs

FARGATE, SPOT = "FARGATE", "FARGATE_SPOT"
"""Capacity providers of Fargate (ECS developer guide, Fargate capacity providers)."""


class BusArgs(TypedDict):
    """An EventBridge bus: a new one, or `existing`."""

    existing: NotRequired[Input[str]]
    """Name of a bus that exists. Default: a new one."""


class AdapterArgs(TypedDict):
    """The image of the adapter, which runs beside the function's own off Lambda: exactly one of `uri` and `build`."""

    uri: NotRequired[Input[str]]
    """An image in a registry that the clusters can pull from, best by digest."""
    build: NotRequired[str]
    """Folder with its Dockerfile: the `runtime` of this project, or a copy of it."""
    repository: NotRequired[Input[str]]
    """Repository of a registry, such as the URL of one of ECR, that the platform pushes the image of `build` to. It is
    built by the Docker that Pulumi reaches, with the extra `intermodal[docker]`; where the repository is not of ECR,
    that Docker has to be logged in. Default: none; the image is for the Docker of this machine alone."""
    architectures: NotRequired[list[Architecture]]
    """Instruction sets that it is pushed for: those of the functions. Default: all."""


class EcsArgs(TypedDict):
    """An ECS cluster: a new one, or `existing`."""

    existing: NotRequired[Input[str]]
    """ARN of a cluster that exists, with the capacity provider that is named. Default: a new one."""
    capacity_provider: NotRequired[Input[str]]
    """Capacity provider that tasks are placed on: FARGATE, FARGATE_SPOT, or the name of one of yours on EC2.
    Default: FARGATE."""


class ExistingClusterArgs(TypedDict):
    """A Kubernetes cluster that exists, with KEDA in it."""

    kubeconfig: Input[str]
    """Path of a kubeconfig, or its text where that holds no key: it becomes part of the handle."""
    context: NotRequired[Input[str]]
    """Context in it. Default: its current one."""
    oidc_provider_arn: Input[str]
    """ARN of the IAM OIDC provider of the cluster's issuer: pods take their role by it."""
    security_groups: NotRequired[bool]
    """Whether its pods can have security groups, which functions with `vpc: true` need: EC2 Linux nodes whose VPC CNI
    has ENABLE_POD_ENI (EKS user guide, Assign security groups to individual Pods). Default: False."""


class CreatedClusterArgs(TypedDict):
    """A Kubernetes cluster to create: EKS in Auto Mode, with IPv6 addresses, in the VPC of `network`: dual stack."""

    version: NotRequired[Input[str]]
    """Kubernetes version as text of major and minor, "1.36" or later. Default: 1.36."""
    public_access_cidrs: NotRequired[list[Input[str]]]
    """IPv4 blocks that reach the cluster's public API endpoint, such as those of your CI and office; nodes use the
    private one. Default: every address, guarded by IAM alone."""
    administrators: NotRequired[dict[str, Input[str]]]
    """ARNs of roles and users of IAM that may do everything in the cluster, by names of yours: whoever else deploys to
    it. Not the one that runs the first `up`: EKS makes that an administrator by itself. Default: none."""


class AddonsArgs(TypedDict):
    """Helm charts that the platform installs; versions are pinned in charts.json."""

    keda: NotRequired[bool]
    """KEDA, which starts the Jobs. Default: True in a cluster that is created, else False."""
    kueue: NotRequired[bool]
    """Kueue, which holds Jobs back while a quota is used up. Default: as `keda`."""
    fluent_bit: NotRequired[bool]
    """Fluent Bit, which brings the lines of functions' pods to their log groups. Default: as `keda`; without it, or a
    collector of your own that follows the annotation `intermodal/log-group`, they stay in the cluster."""
    external_secrets: NotRequired[bool]
    """External Secrets, which copies secrets of AWS into the cluster. Default: False."""


class KubernetesArgs(TypedDict):
    """A Kubernetes cluster for target `kubernetes`: exactly one of `existing` and `create`."""

    existing: NotRequired[ExistingClusterArgs]
    """A cluster that exists."""
    create: NotRequired[CreatedClusterArgs]
    """A cluster of the platform's own."""
    addons: NotRequired[AddonsArgs]
    """What the platform installs in it."""
    namespace: NotRequired[str]
    """Namespace of the functions, created by the platform. Default: `functions`."""
    maximum_pods: NotRequired[int]
    """Quota of pods of all functions together, kept by Kueue: Jobs above it wait. Raise it before it is taken away, or
    suspended Jobs wait for ever. Default: no quota."""
    priority_class: NotRequired[Input[str]]
    """PriorityClass of the pods, which has to exist. Default: the cluster's own."""
    environment: NotRequired[dict[str, Input[str]]]
    """Variables of every container: a proxy, or an endpoint of AWS that pods reach elsewhere. Default: none."""


class PlatformArgs(TypedDict):
    """Arguments of a Platform; each part exists only where it is named."""

    network: NotRequired[NetworkArgs]
    """The VPC: created, or adopted. Default: none, and no function can be in one."""
    bus: NotRequired[BusArgs]
    """A bus of the platform's own. Default: none; `default` is always there."""
    ecs: NotRequired[EcsArgs]
    """An ECS cluster for target `ecs`; functions on it run in the VPC of `network`. Default: none."""
    kubernetes: NotRequired[KubernetesArgs]
    """A Kubernetes cluster for target `kubernetes`. Default: none."""
    adapter: NotRequired[AdapterArgs]
    """The adapter's image. Default: built from the folder `runtime`, where a cluster is named, for Docker here."""
    tags: NotRequired[dict[str, Input[str]]]
    """Tags of every child that takes tags. Default: none."""


class PlatformHandle(TypedDict):
    """A platform in the form that crosses stacks: flat, versioned and without secrets; None for what it lacks."""

    version: Input[int]
    """Version of this shape."""
    region: Input[str]
    """Region of everything."""
    account_id: Input[str]
    """Account of everything."""
    reachable_services: Input[list[str]]
    """Services of AWS that the private subnets reach, by the names of their endpoints; `*` for all, and where that is
    not known."""
    adapter_image: Input[str | None]
    """Image of the adapter; None where nothing runs off Lambda."""
    vpc_id: Input[str | None]
    """Id of the VPC."""
    private_subnet_ids: Input[list[str] | None]
    """Subnets that functions run in."""
    dualstack: Input[bool | None]
    """Whether those subnets have IPv6 addresses."""
    bus_name: Input[str | None]
    """Name of the bus."""
    bus_arn: Input[str | None]
    """ARN of the bus."""
    ecs_cluster_arn: Input[str | None]
    """ARN of the ECS cluster."""
    ecs_capacity_provider: Input[str | None]
    """Capacity provider of its tasks."""
    kubernetes_kubeconfig: Input[str | None]
    """Kubeconfig of the cluster, as text without keys or as a path."""
    kubernetes_context: Input[str | None]
    """Context in it; None for its current one."""
    kubernetes_oidc_provider_arn: Input[str | None]
    """ARN of the cluster's IAM OIDC provider."""
    kubernetes_namespace: Input[str | None]
    """Namespace of the functions."""
    kubernetes_queue: Input[str | None]
    """Kueue's LocalQueue in it; None without a quota."""
    kubernetes_trigger_authentication: Input[str | None]
    """TriggerAuthentication in it, by which KEDA reads queues."""
    kubernetes_priority_class: Input[str | None]
    """PriorityClass of the pods; None for the cluster's own."""
    kubernetes_environment: Input[dict[str, str] | None]
    """Variables of every container."""
    kubernetes_security_groups: Input[bool | None]
    """Whether pods of the cluster can have security groups of their own, by a SecurityGroupPolicy."""
    kubernetes_pod_security_group_id: Input[str | None]
    """Security group that such pods have beside their function's; None on an adopted cluster."""
    kubernetes_in_network: Input[bool | None]
    """Whether all pods of the cluster are in the private subnets, because the platform created it there."""
