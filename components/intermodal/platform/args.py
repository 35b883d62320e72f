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
    """An EventBridge event bus, new or `existing`."""

    existing: NotRequired[Input[str]]
    """Name of an existing event bus. Default: a new bus."""


class AdapterArgs(TypedDict):
    """The adapter image, which runs beside the function's image, except on Lambda: set one of `uri` and `build`."""

    uri: NotRequired[Input[str]]
    """Image in a registry from which the clusters can pull, preferably by digest."""
    build: NotRequired[str]
    """Folder that contains the adapter's Dockerfile: this project's `runtime` folder or a copy of it."""
    repository: NotRequired[Input[str]]
    """Repository to which the platform pushes the image from `build`, such as the URL of an ECR repository. Building
    requires Docker and the extra `intermodal[docker]`; for registries other than ECR, run `docker login` first.
    Default: none; the image stays in this machine's Docker."""
    architectures: NotRequired[list[ArchitectureLike]]
    """Instruction sets to build for, which must include those of the functions. Default: all."""


class RegistryArgs(TypedDict):
    """A repository for the images that the platform builds, new in Amazon ECR or `existing`."""

    existing: NotRequired[Input[str]]
    """URL of an existing repository, such as the `repository_url` of an ECR repository. Default: a new repository."""
    force_delete: NotRequired[bool]
    """Whether `pulumi destroy` deletes a new repository even if it contains images. Default: False."""


class EcsArgs(TypedDict):
    """An ECS cluster, new or `existing`."""

    existing: NotRequired[Input[str]]
    """ARN of an existing cluster, which must have the capacity provider. Default: a new cluster."""
    capacity_provider: NotRequired[Input[str]]
    """Capacity provider for the tasks: FARGATE, FARGATE_SPOT, or the name of an EC2 capacity provider. Default:
    FARGATE."""


class ExistingClusterArgs(TypedDict):
    """An existing Kubernetes cluster with KEDA."""

    kubeconfig: Input[str]
    """Path of a kubeconfig, or its contents without credentials, because the handle contains them."""
    context: NotRequired[Input[str]]
    """Kubeconfig context. Default: the current context."""
    oidc_provider_arn: Input[str]
    """ARN of the cluster's IAM OIDC provider, which lets pods assume their roles."""
    security_groups: NotRequired[bool]
    """Whether pods can have security groups, which functions with `vpc: true` require. The cluster needs EC2 Linux
    nodes with ENABLE_POD_ENI in the VPC CNI (EKS user guide, Assign security groups to individual Pods). Default:
    False."""


class CreatedClusterArgs(TypedDict):
    """A new Kubernetes cluster: EKS Auto Mode with IPv6, in the platform's dual-stack `network`."""

    version: NotRequired[Input[str]]
    """Kubernetes version as a string, "1.36" or later. Default: 1.36."""
    public_access_cidrs: NotRequired[list[Input[str]]]
    """IPv4 CIDR blocks that can access the cluster's public API endpoint, such as your CI and office networks. Nodes
    use the private endpoint. Default: all addresses, protected only by IAM."""
    administrators: NotRequired[dict[str, Input[str]]]
    """ARNs of IAM roles and users with cluster administrator access, keyed by a name of your choice. Omit the cluster's
    creator, which EKS makes an administrator. Default: none."""


class AddonsArgs(TypedDict):
    """Helm charts that the platform installs, in the versions that charts.json pins."""

    keda: NotRequired[bool]
    """KEDA, which starts the Jobs. Default: True for a new cluster, otherwise False."""
    kueue: NotRequired[bool]
    """Kueue, which suspends Jobs when a quota is exhausted. Default: same as `keda`."""
    fluent_bit: NotRequired[bool]
    """Fluent Bit, which sends pod logs to the functions' log groups. Without it, logs stay in the cluster unless
    another collector uses the annotation `intermodal/log-group`. Default: same as `keda`."""
    external_secrets: NotRequired[bool]
    """External Secrets Operator, which copies AWS secrets to the cluster. Default: False."""


class KubernetesArgs(TypedDict):
    """A Kubernetes cluster for the `kubernetes` target: set exactly one of `existing` and `create`."""

    existing: NotRequired[ExistingClusterArgs]
    """Existing cluster."""
    create: NotRequired[CreatedClusterArgs]
    """New cluster."""
    addons: NotRequired[AddonsArgs]
    """Add-ons to install in the cluster."""
    namespace: NotRequired[str]
    """Namespace for the functions, which the platform creates. Default: `functions`."""
    maximum_pods: NotRequired[int]
    """Pod quota for all functions in total, which Kueue enforces by suspending Jobs. Before you remove the quota, raise
    it; otherwise, suspended Jobs wait indefinitely. Default: no quota."""
    priority_class: NotRequired[Input[str]]
    """Name of an existing PriorityClass for the pods. Default: the cluster's default."""
    environment: NotRequired[dict[str, Input[str]]]
    """Environment variables for all containers, such as a proxy or an AWS endpoint. Default: none."""


class PlatformArgs(TypedDict):
    """Arguments for a Platform; parts that are not set are not created."""

    network: NotRequired[NetworkArgs]
    """VPC, new or existing. Default: none; functions then cannot run in a VPC."""
    bus: NotRequired[BusArgs]
    """Event bus for the platform. Default: none; every account has the bus `default`."""
    ecs: NotRequired[EcsArgs]
    """ECS cluster for the `ecs` target, whose functions run in the VPC from `network`. Default: none."""
    kubernetes: NotRequired[KubernetesArgs]
    """Kubernetes cluster for the `kubernetes` target. Default: none."""
    adapter: NotRequired[AdapterArgs]
    """Adapter image. Default, if there is a cluster: an image built from the folder `runtime`, in this machine's
    Docker."""
    registry: NotRequired[RegistryArgs]
    """Repository to which Pulumi pushes the images that it builds: the adapter image, and the images of functions whose
    `image` is a folder. Requires Docker and the extra `intermodal[docker]`. Default: none; the images stay in this
    machine's Docker, for the AWS emulator."""
    tags: NotRequired[dict[str, Input[str]]]
    """Tags for all taggable child resources. Default: none."""


class PlatformHandle(TypedDict):
    """A platform in the format that stacks exchange: flat, versioned and without secrets. Missing parts are None."""

    version: Input[int]
    """Version of the handle's format."""
    region: Input[str]
    """Region of all parts."""
    account_id: Input[str]
    """ID of the account that contains all parts."""
    reachable_services: Input[list[str]]
    """Endpoint names of the AWS services that are reachable from the private subnets; `*` for all or unknown."""
    adapter_image: Input[str | None]
    """Adapter image; None without a cluster."""
    vpc_id: Input[str | None]
    """VPC ID."""
    private_subnet_ids: Input[list[str] | None]
    """IDs of the subnets for functions."""
    dualstack: Input[bool | None]
    """Whether the subnets have IPv6 addresses."""
    bus_name: Input[str | None]
    """Event bus name."""
    bus_arn: Input[str | None]
    """Event bus ARN."""
    registry_url: Input[str | None]
    """URL of the image repository."""
    ecs_cluster_arn: Input[str | None]
    """ECS cluster ARN."""
    ecs_capacity_provider: Input[str | None]
    """Capacity provider for the tasks."""
    kubernetes_kubeconfig: Input[str | None]
    """The cluster's kubeconfig: a path, or the contents without credentials."""
    kubernetes_context: Input[str | None]
    """Kubeconfig context; None for the current context."""
    kubernetes_oidc_provider_arn: Input[str | None]
    """ARN of the cluster's IAM OIDC provider."""
    kubernetes_namespace: Input[str | None]
    """Namespace for the functions."""
    kubernetes_queue: Input[str | None]
    """Name of the Kueue LocalQueue in the namespace; None without a quota."""
    kubernetes_trigger_authentication: Input[str | None]
    """Name of the namespace's TriggerAuthentication, which KEDA uses to read queue attributes."""
    kubernetes_priority_class: Input[str | None]
    """PriorityClass for the pods; None for the cluster's default."""
    kubernetes_environment: Input[dict[str, str] | None]
    """Environment variables for all containers."""
    kubernetes_security_groups: Input[bool | None]
    """Whether pods can have dedicated security groups, with a SecurityGroupPolicy."""
    kubernetes_pod_security_group_id: Input[str | None]
    """ID of an additional security group for pods with security groups; None for an existing cluster."""
    kubernetes_in_network: Input[bool | None]
    """Whether all pods run in the private subnets, which is the case in clusters that the platform creates."""


class SharedPlatform(Protocol):
    """Interface of platforms for functions: a Platform in this program, or an attached platform."""

    @property
    def handle(self) -> Output[dict[str, Any]]:
        """The `PlatformHandle` as a plain dict."""

    @property
    def providers(self) -> list[ProviderResource]:
        """Providers that functions need in addition to `aws`."""

    @property
    def images(self) -> "ImageBuilder | None":
        """Image builder for the platform's registry; None without a registry."""


if TYPE_CHECKING:
    PlatformLike = SharedPlatform | Input[dict[str, Any]]
else:
    PlatformLike = Input[dict[str, Any]]  # Pulumi's schema cannot express the union
