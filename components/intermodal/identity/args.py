"""What a caller may say of a function's identity."""

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
    """Pods of one service account, by EKS Pod Identity: of others, since target `kubernetes` takes a role by `oidc`."""

    cluster_arn: Input[str]
    """ARN of the EKS cluster."""
    namespace: Input[str]
    """Kubernetes namespace of the pods."""
    service_account: Input[str]
    """Kubernetes service account of the pods."""


class OidcTrustArgs(TypedDict):
    """Pods of one service account, by the OIDC provider of a cluster (IRSA)."""

    provider_arn: Input[str]
    """ARN of the IAM OIDC provider; its issuer is the part after `oidc-provider/`."""
    namespace: Input[str]
    """Kubernetes namespace of the pods."""
    service_account: Input[str]
    """Kubernetes service account of the pods."""
    audience: NotRequired[Input[str]]
    """Audience of the token. Default: `sts.amazonaws.com`."""


class TrustArgs(TypedDict):
    """Who may assume the role: exactly one of `service`, `pods` and `oidc`."""

    service: NotRequired[TrustedService]
    """A service of AWS, for this account's own resources; a plain word is taken as this."""
    pods: NotRequired[PodsTrustArgs]
    """Pods, by EKS Pod Identity."""
    oidc: NotRequired[OidcTrustArgs]
    """Pods, by an OIDC provider."""


class PermissionArgs(TypedDict):
    """One statement that allows."""

    actions: list[str]
    """IAM actions, such as `sqs:SendMessage`."""
    resources: list[Input[str]]
    """ARNs that the actions apply to."""
    sid: NotRequired[str]
    """Statement id, letters and digits. Default: none."""


class Access(Enum):
    """What a link is for."""

    READ = "read"
    """Get and list."""
    WRITE = "write"
    """Create, overwrite and delete."""
    SEND = "send"
    """Send a message or an event."""


class LinkKind(Enum):
    """What a link leads to."""

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
    """One resource that the function uses: permission and environment variable in one."""

    access: Access
    """What the function does with it."""
    kind: LinkKind
    """What it is."""
    arn: Input[str]
    """Its ARN."""
    variable: str
    """Environment variable that tells the handler where it is."""
    value: Input[str]
    """What the variable holds."""


class ExistingRoleArgs(TypedDict):
    """A role that exists, in this account."""

    arn: Input[str]
    """ARN of the role. Its trust is left alone and checked; what the function needs is added to it."""
