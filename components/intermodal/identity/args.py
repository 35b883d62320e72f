"""Arguments for a function's identity."""

from enum import Enum
from typing import TYPE_CHECKING, Literal, NotRequired, TypedDict

from pulumi import Input


class TrustedService(Enum):
    """A service that may assume the function's role."""

    LAMBDA = "lambda"
    """Lambda, for functions in this account."""
    ECS_TASKS = "ecs-tasks"
    """ECS, for tasks in this account."""


if TYPE_CHECKING:
    TrustedServiceLike = TrustedService | Literal["lambda", "ecs-tasks"]
else:
    TrustedServiceLike = TrustedService  # the part that Pulumi's schema can express


class PodsTrustArgs(TypedDict):
    """Pods that use one service account, through EKS Pod Identity. The `kubernetes` target uses `oidc` instead."""

    cluster_arn: Input[str]
    """EKS cluster ARN."""
    namespace: Input[str]
    """The pods' Kubernetes namespace."""
    service_account: Input[str]
    """The pods' Kubernetes service account."""


class OidcTrustArgs(TypedDict):
    """Pods that use one service account, through the cluster's OIDC provider (IRSA)."""

    provider_arn: Input[str]
    """ARN of the IAM OIDC provider. The issuer is the part after `oidc-provider/`."""
    namespace: Input[str]
    """The pods' Kubernetes namespace."""
    service_account: Input[str]
    """The pods' Kubernetes service account."""
    audience: NotRequired[Input[str]]
    """Token audience. Default: `sts.amazonaws.com`."""


class TrustArgs(TypedDict):
    """A principal that may assume the role: exactly one of `service`, `pods` and `oidc`."""

    service: NotRequired[TrustedServiceLike]
    """An AWS service, for resources in this account only. A plain string is shorthand for this key."""
    pods: NotRequired[PodsTrustArgs]
    """Pods, through EKS Pod Identity."""
    oidc: NotRequired[OidcTrustArgs]
    """Pods, through the cluster's OIDC provider (IRSA)."""


if TYPE_CHECKING:
    TrustLike = TrustArgs | TrustedServiceLike
else:
    TrustLike = TrustArgs  # the part that Pulumi's schema can express


class PermissionArgs(TypedDict):
    """One statement with effect Allow."""

    actions: list[str]
    """IAM actions, such as `sqs:SendMessage`."""
    resources: list[Input[str]]
    """ARNs that the actions apply to."""
    sid: NotRequired[str]
    """Sid; letters and digits only. Default: none."""


class Access(Enum):
    """Access that a link grants."""

    READ = "read"
    """Permission to get and list."""
    WRITE = "write"
    """Permission to create, overwrite and delete."""
    SEND = "send"
    """Permission to send a message or an event."""


if TYPE_CHECKING:
    AccessLike = Access | Literal["read", "write", "send"]
else:
    AccessLike = Access  # the part that Pulumi's schema can express


class LinkKind(Enum):
    """Types of resources that can be linked."""

    BUCKET = "bucket"
    """S3 bucket; the variable holds its name."""
    QUEUE = "queue"
    """SQS queue; the variable holds its URL."""
    TOPIC = "topic"
    """SNS topic; the variable holds its ARN."""
    BUS = "bus"
    """EventBridge bus; the variable holds its name."""
    TABLE = "table"
    """DynamoDB table; the variable holds its name."""
    SECRET = "secret"  # noqa: S105 - a kind, not a secret
    """Secrets Manager secret; the variable holds its ARN."""
    PARAMETER = "parameter"
    """SSM parameter; the variable holds its name."""


if TYPE_CHECKING:
    LinkKindLike = LinkKind | Literal["bucket", "queue", "topic", "bus", "table", "secret", "parameter"]
else:
    LinkKindLike = LinkKind  # the part that Pulumi's schema can express


class LinkArgs(TypedDict):
    """A resource that the function uses; it adds a permission and an environment variable."""

    access: AccessLike
    """The function's access to the resource."""
    kind: LinkKindLike
    """Resource type."""
    arn: Input[str]
    """Resource ARN."""
    variable: str
    """Environment variable that tells the handler which resource to use."""
    value: Input[str]
    """The variable's value."""


class ExistingRoleArgs(TypedDict):
    """An existing IAM role in this account."""

    arn: Input[str]
    """Role ARN. The trust policy is checked but not changed; the function's permissions are added to it."""
