"""Configure the AWS permissions that let KEDA's operator read queue attributes."""

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
    """Create the operator's role and return the chart values that assign it.

    Source: KEDA documentation, AWS (IRSA) Pod Identity Webhook.
    """
    role = create_addon_role(name, ROLE, oidc, tags, parent)
    return {"podIdentity": {"aws": {"irsa": {"enabled": True, "roleArn": role.arn}}}}
