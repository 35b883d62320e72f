"""Resolve the trust of a function's role: its definition, or every target that the platform offers."""

from collections.abc import Sequence
from typing import Any

import pulumi
from pulumi import Input, Output

from intermodal import naming
from intermodal.definition.spec import FunctionSpec
from intermodal.identity.trust import OIDC, TrustSpec, service_principal
from intermodal.limits import Target
from intermodal.platform.facts import PlatformFacts, part_of
from intermodal.targets.registry import checks_of


def role_trust(spec: FunctionSpec) -> Input[Sequence[TrustSpec]]:
    """Return the trust statements of the role; moving a lane does not change them."""
    return _offered(spec) if spec.trust is None else spec.trust


def needed_principals(spec: FunctionSpec) -> Sequence[Input[str]]:
    """Return the principals that an existing role must trust, one per target in use."""
    return [_principal(spec, word) for word in sorted({checks_of(lane.target).TRUSTED for lane in spec.lanes})]


def _principal(spec: FunctionSpec, word: str) -> Input[str]:
    if word != OIDC:
        return service_principal(word)
    assert spec.platform is not None  # noqa: S101 - the target's checks require one
    return part_of(spec.platform, lambda facts: facts.kubernetes and facts.kubernetes.oidc_provider_arn)


def _offered(spec: FunctionSpec) -> Input[Sequence[TrustSpec]]:
    accounts = naming.service_accounts(pulumi.get_project(), pulumi.get_stack(), spec.name)

    def statements(platform: PlatformFacts | None) -> list[TrustSpec]:
        found = [checks_of(target).trust(platform, accounts) for target in Target]
        return [statement for statement in found if statement is not None]

    if spec.platform is None:
        return statements(None)
    # As plain maps, in which Pulumi sees what a preview does not know yet.
    known: Output[Any] = part_of(spec.platform, lambda facts: [vars(each) for each in statements(facts)])
    return known.apply(lambda blocks: [TrustSpec(**block) for block in blocks])
