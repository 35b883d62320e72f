"""Create the IAM role that an add-on's operator assumes with a ServiceAccount token."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import Input, InvokeOptions, Output, Resource, ResourceOptions
from pulumi_aws import iam

from intermodal.documents import render_policy
from intermodal.identity import lint
from intermodal.identity.args import PermissionArgs
from intermodal.identity.role import render_permissions
from intermodal.identity.trust import TrustSpec, trust_policy
from intermodal.platform.addons import load_charts


@dataclass(frozen=True, kw_only=True)
class AddonRole:
    """An add-on's identity and its permissions in its account and Region.

    Permissions are not scoped to individual resources, so that a new function does not change the platform.
    """

    addon: str
    """Name of the add-on in charts.json."""
    service_account: str
    verb: str
    """Verb in the names of the policy and its statement."""
    actions: Sequence[str]
    resources: str
    """Service and resource pattern, such as `sqs:*`."""


def create_addon_role(
    name: str, addon: AddonRole, oidc: Input[str], tags: Mapping[str, Input[str]], parent: Resource
) -> iam.Role:
    """Create `{name}-{addon}-role` and its policy `{name}-{addon}-{verb}`."""
    here = InvokeOptions(parent=parent)
    account, region = aws.get_caller_identity_output(opts=here).account_id, aws.get_region_output(opts=here).region
    namespace = load_charts()[addon.addon]["namespace"]
    pods = {"provider_arn": oidc, "namespace": namespace, "service_account": addon.service_account}
    trust = trust_policy([TrustSpec(kind="oidc", fields=pods)], account)
    opts, display_name, base = (
        ResourceOptions(parent=parent),
        f'Platform "{name}"',
        f"{name}-{addon.addon.replace('_', '-')}",
    )
    role = iam.Role(
        f"{base}-role", assume_role_policy=render_policy(trust, display_name, lint.lint_trust), tags=tags, opts=opts
    )
    service, _, pattern = addon.resources.partition(":")
    everywhere = Output.all(oidc, region, account).apply(
        lambda known: f"arn:{known[0].split(':')[1]}:{service}:{known[1]}:{known[2]}:{pattern}"
    )
    permission = PermissionArgs(sid=addon.verb.capitalize(), actions=list(addon.actions), resources=[everywhere])
    iam.RolePolicy(
        f"{base}-{addon.verb}", role=role.name, policy=render_permissions([permission], display_name), opts=opts
    )
    return role
