"""Arguments for a function's role: trust, permissions and links."""

from enum import Enum
from typing import TYPE_CHECKING, Literal, NotRequired, TypedDict

from pulumi import Input


class TrustedService(Enum):
    """AWS services that may assume the function's role."""

    LAMBDA = "lambda"
    """AWS Lambda, for functions in this account."""
    ECS_TASKS = "ecs-tasks"
    """Amazon ECS, for tasks in this account."""


if TYPE_CHECKING:
    TrustedServiceLike = TrustedService | Literal["lambda", "ecs-tasks"]
else:
    TrustedServiceLike = TrustedService  # Pulumi's schema cannot express the union


class PodsTrustArgs(TypedDict):
    """Pods that use a service account with EKS Pod Identity. The `kubernetes` target uses `oidc` instead."""

    cluster_arn: Input[str]
    """EKS cluster ARN."""
    namespace: Input[str]
    """The pods' Kubernetes namespace."""
    service_account: Input[str]
    """The pods' Kubernetes service account."""


class OidcTrustArgs(TypedDict):
    """Pods that use a service account with the cluster's OIDC provider (IRSA)."""

    provider_arn: Input[str]
    """ARN of the IAM OIDC provider; the issuer is the part after `oidc-provider/`."""
    namespace: Input[str]
    """The pods' Kubernetes namespace."""
    service_account: Input[str]
    """The pods' Kubernetes service account."""
    audience: NotRequired[Input[str]]
    """Token audience. Default: `sts.amazonaws.com`."""


class TrustArgs(TypedDict):
    """A principal that may assume the role: set exactly one of `service`, `pods` and `oidc`."""

    service: NotRequired[TrustedServiceLike]
    """AWS service, only for resources in this account. A plain string is shorthand for this key."""
    pods: NotRequired[PodsTrustArgs]
    """Pods that use EKS Pod Identity."""
    oidc: NotRequired[OidcTrustArgs]
    """Pods that use the cluster's OIDC provider (IRSA)."""


if TYPE_CHECKING:
    TrustLike = TrustArgs | TrustedServiceLike
else:
    TrustLike = TrustArgs  # Pulumi's schema cannot express the union


class PermissionArgs(TypedDict):
    """An IAM policy statement with the effect Allow."""

    actions: list[str]
    """IAM actions, such as `sqs:SendMessage`."""
    resources: list[Input[str]]
    """ARNs to which the actions apply."""
    sid: NotRequired[str]
    """Statement ID, only letters and digits. Default: none."""


class Access(Enum):
    """Access that a link grants."""

    READ = "read"
    """Get and list."""
    WRITE = "write"
    """Create, overwrite and delete."""
    SEND = "send"
    """Send messages or events."""


if TYPE_CHECKING:
    AccessLike = Access | Literal["read", "write", "send"]
else:
    AccessLike = Access  # Pulumi's schema cannot express the union


class LinkKind(Enum):
    """Types of resources that can be linked."""

    BUCKET = "bucket"
    """S3 bucket; the variable contains its name."""
    QUEUE = "queue"
    """SQS queue; the variable contains its URL."""
    TOPIC = "topic"
    """SNS topic; the variable contains its ARN."""
    BUS = "bus"
    """EventBridge event bus; the variable contains its name."""
    TABLE = "table"
    """DynamoDB table; the variable contains its name."""
    SECRET = "secret"  # noqa: S105 - a kind, not a secret
    """Secrets Manager secret; the variable contains its ARN."""
    PARAMETER = "parameter"
    """SSM parameter; the variable contains its name."""


if TYPE_CHECKING:
    LinkKindLike = LinkKind | Literal["bucket", "queue", "topic", "bus", "table", "secret", "parameter"]
else:
    LinkKindLike = LinkKind  # Pulumi's schema cannot express the union


class LinkArgs(TypedDict):
    """A resource that the function uses; adds permissions and an environment variable."""

    access: AccessLike
    """Access to the resource that the function gets."""
    kind: LinkKindLike
    """Resource type."""
    arn: Input[str]
    """Resource ARN."""
    variable: str
    """Environment variable from which the handler reads the resource's name, URL or ARN."""
    value: Input[str]
    """Value of the environment variable."""


class ExistingRoleArgs(TypedDict):
    """An existing IAM role in this account."""

    arn: Input[str]
    """Role ARN. The function's permissions are added to the role; its trust policy is checked but not changed."""
