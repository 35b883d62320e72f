"""Resolve who may assume a function's role: the definition's principals, or those of the platform's targets."""

from collections.abc import Sequence
from typing import Any

import pulumi
from pulumi import Input, Output

from intermodal import naming
from intermodal.definition.spec import FunctionSpec
from intermodal.identity.trust import OIDC, TrustSpec, service_principal
from intermodal.limits import Target
from intermodal.platform.facts import PlatformFacts, read_part
from intermodal.targets.registry import load_checks


def role_trust(spec: FunctionSpec) -> Input[Sequence[TrustSpec]]:
    """Return the role's trust statements, which do not change when a lane moves."""
    return _platform_trust(spec) if spec.trust is None else spec.trust


def required_principals(spec: FunctionSpec) -> Sequence[Input[str]]:
    """Return the principals that an existing role must trust, one for each target in use."""
    return [_principal(spec, service) for service in sorted({load_checks(lane.target).TRUSTED for lane in spec.lanes})]


def _principal(spec: FunctionSpec, service: str) -> Input[str]:
    if service != OIDC:
        return service_principal(service)
    assert spec.platform is not None  # noqa: S101 - the target's checks require a platform
    return read_part(spec.platform, lambda facts: facts.kubernetes and facts.kubernetes.oidc_provider_arn)


def _platform_trust(spec: FunctionSpec) -> Input[Sequence[TrustSpec]]:
    accounts = naming.service_accounts(pulumi.get_project(), pulumi.get_stack(), spec.name)

    def statements(platform: PlatformFacts | None) -> list[TrustSpec]:
        found = [load_checks(target).trust(platform, accounts) for target in Target]
        return [statement for statement in found if statement is not None]

    if spec.platform is None:
        return statements(None)
    # Convert to plain dicts, in which Pulumi can find the values that are unknown in a preview.
    known: Output[Any] = read_part(spec.platform, lambda facts: [vars(each) for each in statements(facts)])
    return known.apply(lambda blocks: [TrustSpec(**fields) for fields in blocks])
