"""What KEDA's operator may do on AWS, where the platform installs it: look at queues, and nothing else."""

from collections.abc import Mapping
from typing import Any

from pulumi import Input, Resource

from intermodal.platform.addon_role import AddonRole, create_addon_role

ROLE = AddonRole(
    addon="keda",
    service_account="keda-operator",
    verb="reads",
    actions=["sqs:GetQueueAttributes"],
    resources="sqs:*",
)


def keda_values(name: str, oidc: Input[str], tags: Mapping[str, Input[str]], parent: Resource) -> dict[str, Any]:
    """Values of the chart that give the operator its role (KEDA documentation, AWS (IRSA) Pod Identity Webhook)."""
    role = create_addon_role(name, ROLE, oidc, tags, parent)
    return {"podIdentity": {"aws": {"irsa": {"enabled": True, "roleArn": role.arn}}}}
