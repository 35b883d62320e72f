"""What KEDA's operator may do on AWS, where the platform installs it: look at queues, and nothing else."""

from collections.abc import Mapping
from typing import Any

import pulumi_aws as aws
from pulumi import Input, InvokeOptions, Output, Resource, ResourceOptions
from pulumi_aws import iam

from intermodal.documents import linted
from intermodal.identity import lint
from intermodal.identity.args import PermissionArgs
from intermodal.identity.role import allow
from intermodal.identity.trust import TrustSpec, trust_policy
from intermodal.platform.addons import charts

OPERATOR = "keda-operator"
"""Its ServiceAccount."""


def keda_values(name: str, oidc: Input[str], tags: Mapping[str, Input[str]], parent: Resource) -> dict[str, Any]:
    """Values of the chart that give the operator its role (KEDA documentation, AWS (IRSA) Pod Identity Webhook).

    `{name}-keda-role` may ask for the attributes of any queue of its account and Region, because a function that comes
    later is no change of the platform.
    """
    here = InvokeOptions(parent=parent)
    account = aws.get_caller_identity_output(opts=here).account_id
    pods = {"provider_arn": oidc, "namespace": charts()["keda"]["namespace"], "service_account": OPERATOR}
    trust = trust_policy([TrustSpec(kind="oidc", block=pods)], account)
    opts = ResourceOptions(parent=parent)
    subject = f'Platform "{name}"'
    role = iam.Role(
        f"{name}-keda-role", assume_role_policy=linted(trust, subject, lint.trust_problems), tags=tags, opts=opts
    )
    everywhere = Output.all(oidc, aws.get_region_output(opts=here).region, account)
    queues = everywhere.apply(lambda known: f"arn:{known[0].split(':')[1]}:sqs:{known[1]}:{known[2]}:*")
    read = PermissionArgs(sid="Look", actions=["sqs:GetQueueAttributes"], resources=[queues])
    iam.RolePolicy(f"{name}-keda-reads", role=role.name, policy=allow([read], subject), opts=opts)
    return {"podIdentity": {"aws": {"irsa": {"enabled": True, "roleArn": role.arn}}}}
