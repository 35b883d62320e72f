"""Arguments of a function's identity."""

from enum import Enum
from typing import NotRequired, TypedDict

from pulumi import Input


class TrustedService(Enum):
    """A service that may assume the function's role."""

    LAMBDA = "lambda"
    """Lambda, for functions of this account."""
    ECS_TASKS = "ecs-tasks"
    """ECS, for tasks of this account."""


class PodsTrustArgs(TypedDict):
    """Pods of one service account, by EKS Pod Identity. Other workloads use it; target `kubernetes` uses `oidc`."""

    cluster_arn: Input[str]
    """ARN of the EKS cluster."""
    namespace: Input[str]
    """Kubernetes namespace of the pods."""
    service_account: Input[str]
    """Kubernetes service account of the pods."""


class OidcTrustArgs(TypedDict):
    """Pods of one service account, by the OIDC provider of a cluster (IRSA)."""

    provider_arn: Input[str]
    """ARN of the IAM OIDC provider. Its issuer is the part after `oidc-provider/`."""
    namespace: Input[str]
    """Kubernetes namespace of the pods."""
    service_account: Input[str]
    """Kubernetes service account of the pods."""
    audience: NotRequired[Input[str]]
    """Audience of the token. Default: `sts.amazonaws.com`."""


class TrustArgs(TypedDict):
    """A principal that may assume the role: exactly one of `service`, `pods` and `oidc`."""

    service: NotRequired[TrustedService]
    """An AWS service, for resources of this account only. Plain text is this key."""
    pods: NotRequired[PodsTrustArgs]
    """Pods, by EKS Pod Identity."""
    oidc: NotRequired[OidcTrustArgs]
    """Pods, by an OIDC provider."""


class PermissionArgs(TypedDict):
    """One statement with effect Allow."""

    actions: list[str]
    """IAM actions, such as `sqs:SendMessage`."""
    resources: list[Input[str]]
    """ARNs that the actions apply to."""
    sid: NotRequired[str]
    """Statement id, letters and digits. Default: none."""


class Access(Enum):
    """Access of a link."""

    READ = "read"
    """Get and list."""
    WRITE = "write"
    """Create, overwrite and delete."""
    SEND = "send"
    """Send a message or an event."""


class LinkKind(Enum):
    """Type of a linked resource."""

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


class LinkArgs(TypedDict):
    """A resource that the function uses: a permission and an environment variable in one."""

    access: Access
    """Access of the function to the resource."""
    kind: LinkKind
    """Type of the resource."""
    arn: Input[str]
    """ARN of the resource."""
    variable: str
    """Environment variable with which the handler finds the resource."""
    value: Input[str]
    """Value of the variable."""


class ExistingRoleArgs(TypedDict):
    """An existing role in this account."""

    arn: Input[str]
    """ARN of the role. Its trust policy is checked and not changed; the function's permissions are added to it."""
