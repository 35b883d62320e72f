"""Arguments for a platform."""

from typing import TYPE_CHECKING, Any, NotRequired, Protocol, TypedDict

from pulumi import Input, Output, ProviderResource

from intermodal.images.architecture import ArchitectureLike
from intermodal.network.args import NetworkArgs

if TYPE_CHECKING:
    from intermodal.platform.images import ImageBuilder

FARGATE, SPOT = "FARGATE", "FARGATE_SPOT"
"""Fargate capacity providers (ECS developer guide, Fargate capacity providers)."""


class BusArgs(TypedDict):
    """An EventBridge bus: a new one, or `existing`."""

    existing: NotRequired[Input[str]]
    """Name of an existing bus to use. Default: a new bus."""


class AdapterArgs(TypedDict):
    """The adapter image, which runs beside the function's image except on Lambda: exactly one of `uri` and `build`."""

    uri: NotRequired[Input[str]]
    """An image in a registry that the clusters can pull from, preferably by digest."""
    build: NotRequired[str]
    """Folder with its Dockerfile: this project's `runtime` folder, or a copy."""
    repository: NotRequired[Input[str]]
    """Repository to which the platform pushes the image of `build`, such as the URL of an ECR repository. Pulumi builds
    it with its Docker daemon and the extra `intermodal[docker]`; for registries other than ECR, run `docker login`
    first. Default: none; the image stays on this machine's Docker daemon."""
    architectures: NotRequired[list[ArchitectureLike]]
    """Instruction sets to build for: those that the functions use. Default: all."""


class RegistryArgs(TypedDict):
    """A repository for the images that the platform builds: a new one in Amazon ECR, or `existing`."""

    existing: NotRequired[Input[str]]
    """URL of an existing repository, such as `repository_url` of an ECR repository. Default: a new repository."""
    force_delete: NotRequired[bool]
    """Whether `pulumi destroy` may delete a new repository that holds images. Default: False."""


class EcsArgs(TypedDict):
    """An ECS cluster: a new one, or `existing`."""

    existing: NotRequired[Input[str]]
    """ARN of an existing cluster with that capacity provider. Default: a new cluster."""
    capacity_provider: NotRequired[Input[str]]
    """Capacity provider for the tasks: FARGATE, FARGATE_SPOT, or the name of an EC2 capacity provider. Default:
    FARGATE."""


class ExistingClusterArgs(TypedDict):
    """An existing Kubernetes cluster with KEDA."""

    kubeconfig: Input[str]
    """Path to a kubeconfig, or its contents if they hold no credentials: the handle contains them."""
    context: NotRequired[Input[str]]
    """Kubeconfig context. Default: the current context."""
    oidc_provider_arn: Input[str]
    """ARN of the cluster's IAM OIDC provider, through which pods assume their role."""
    security_groups: NotRequired[bool]
    """Whether pods can have security groups, which functions with `vpc: true` need: EC2 Linux nodes whose VPC CNI sets
    ENABLE_POD_ENI (EKS user guide, Assign security groups to individual Pods). Default: False."""


class CreatedClusterArgs(TypedDict):
    """A new Kubernetes cluster: EKS Auto Mode with IPv6, in the dual-stack VPC that `network` defines."""

    version: NotRequired[Input[str]]
    """Kubernetes version as a string, "1.36" or later. Default: 1.36."""
    public_access_cidrs: NotRequired[list[Input[str]]]
    """IPv4 CIDR blocks that may reach the cluster's public API endpoint, such as your CI and office networks; nodes use
    the private endpoint. Default: all addresses, protected by IAM only."""
    administrators: NotRequired[dict[str, Input[str]]]
    """ARNs of IAM roles and users with cluster-admin access, keyed by a name you choose. Omit the creator, which EKS
    makes an administrator. Default: none."""


class AddonsArgs(TypedDict):
    """Helm charts that the platform installs; charts.json pins their versions."""

    keda: NotRequired[bool]
    """KEDA, which starts the Jobs. Default: True in a new cluster, else False."""
    kueue: NotRequired[bool]
    """Kueue, which suspends Jobs while a quota is used up. Default: same as `keda`."""
    fluent_bit: NotRequired[bool]
    """Fluent Bit, which sends pod logs to their functions' log groups. Default: same as `keda`. Without it, the logs
    stay in the cluster, unless another collector follows the annotation `intermodal/log-group`."""
    external_secrets: NotRequired[bool]
    """External Secrets, which copies AWS secrets into the cluster. Default: False."""


class KubernetesArgs(TypedDict):
    """A Kubernetes cluster for the `kubernetes` target: exactly one of `existing` and `create`."""

    existing: NotRequired[ExistingClusterArgs]
    """An existing cluster."""
    create: NotRequired[CreatedClusterArgs]
    """A new cluster."""
    addons: NotRequired[AddonsArgs]
    """Add-ons to install in the cluster."""
    namespace: NotRequired[str]
    """Namespace for the functions, created by the platform. Default: `functions`."""
    maximum_pods: NotRequired[int]
    """Pod quota for all functions together, enforced by Kueue: Jobs above it wait. Raise the quota before you remove
    it, or suspended Jobs wait forever. Default: no quota."""
    priority_class: NotRequired[Input[str]]
    """PriorityClass for the pods, which must exist. Default: the cluster's default."""
    environment: NotRequired[dict[str, Input[str]]]
    """Environment variables for every container, such as a proxy or an AWS endpoint. Default: none."""


class PlatformArgs(TypedDict):
    """Arguments for a Platform; a part that is not specified is not created."""

    network: NotRequired[NetworkArgs]
    """The VPC, new or existing. Default: none; functions cannot run in a VPC."""
    bus: NotRequired[BusArgs]
    """An event bus for this platform. Default: none; every account has the bus `default`."""
    ecs: NotRequired[EcsArgs]
    """An ECS cluster for the `ecs` target; functions on it run in the VPC that `network` defines. Default: none."""
    kubernetes: NotRequired[KubernetesArgs]
    """A Kubernetes cluster for the `kubernetes` target. Default: none."""
    adapter: NotRequired[AdapterArgs]
    """The adapter image. Default if there is a cluster: built from the folder `runtime`, for this machine's Docker
    daemon."""
    registry: NotRequired[RegistryArgs]
    """Repository to which Pulumi pushes the images that it builds: those of functions whose `image` is a folder, and
    the adapter's. Needs Docker and the extra `intermodal[docker]`. Default: none; the images stay in this machine's
    Docker, for the AWS emulator."""
    tags: NotRequired[dict[str, Input[str]]]
    """Tags for every taggable child. Default: none."""


class PlatformHandle(TypedDict):
    """A platform in the format passed between stacks: flat, versioned, without secrets; None for missing parts."""

    version: Input[int]
    """Format version of the handle."""
    region: Input[str]
    """Region that all parts are in."""
    account_id: Input[str]
    """Account that all parts are in."""
    reachable_services: Input[list[str]]
    """AWS services reachable from the private subnets, by endpoint name; `*` for all, or if unknown."""
    adapter_image: Input[str | None]
    """Adapter image; None without a cluster."""
    vpc_id: Input[str | None]
    """VPC ID."""
    private_subnet_ids: Input[list[str] | None]
    """Subnets that functions run in."""
    dualstack: Input[bool | None]
    """Whether the subnets have IPv6 addresses."""
    bus_name: Input[str | None]
    """Event bus name."""
    bus_arn: Input[str | None]
    """Event bus ARN."""
    registry_url: Input[str | None]
    """Repository for images."""
    ecs_cluster_arn: Input[str | None]
    """ECS cluster ARN."""
    ecs_capacity_provider: Input[str | None]
    """Capacity provider for the tasks."""
    kubernetes_kubeconfig: Input[str | None]
    """The cluster's kubeconfig: its contents without credentials, or a path."""
    kubernetes_context: Input[str | None]
    """Kubeconfig context; None for the current context."""
    kubernetes_oidc_provider_arn: Input[str | None]
    """ARN of the cluster's IAM OIDC provider."""
    kubernetes_namespace: Input[str | None]
    """Namespace for the functions."""
    kubernetes_queue: Input[str | None]
    """Kueue's LocalQueue in the namespace; None without a quota."""
    kubernetes_trigger_authentication: Input[str | None]
    """TriggerAuthentication in the namespace, which KEDA uses to read queues."""
    kubernetes_priority_class: Input[str | None]
    """PriorityClass for the pods; None for the cluster's default."""
    kubernetes_environment: Input[dict[str, str] | None]
    """Environment variables for every container."""
    kubernetes_security_groups: Input[bool | None]
    """Whether pods can have dedicated security groups, through a SecurityGroupPolicy."""
    kubernetes_pod_security_group_id: Input[str | None]
    """Additional security group for such pods; None on an existing cluster."""
    kubernetes_in_network: Input[bool | None]
    """Whether all pods run in the private subnets, because the platform created the cluster there."""


class SharedPlatform(Protocol):
    """A platform as functions use it: a Platform of this program, or an attached one."""

    @property
    def handle(self) -> Output[dict[str, Any]]:
        """A `PlatformHandle` as a plain map."""

    @property
    def providers(self) -> list[ProviderResource]:
        """Providers that functions need in addition to `aws`."""

    @property
    def images(self) -> "ImageBuilder | None":
        """Builder of images for the platform's registry; None without one."""


if TYPE_CHECKING:
    PlatformLike = SharedPlatform | Input[dict[str, Any]]
else:
    PlatformLike = Input[dict[str, Any]]  # the part that Pulumi's schema can express
