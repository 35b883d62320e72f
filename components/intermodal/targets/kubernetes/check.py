"""Validate definitions for Kubernetes."""

from collections.abc import Mapping

from intermodal.definition.spec import FunctionSpec, LaneSpec
from intermodal.identity.trust import OIDC, TrustSpec
from intermodal.limits import Target
from intermodal.platform.facts import PlatformFacts
from intermodal.problems.errors import Problem
from intermodal.problems.validation import Check
from intermodal.targets.checks import check_container_lane, container_checks

TRUSTED = OIDC


def trust(platform: PlatformFacts | None, service_accounts: str) -> TrustSpec | None:
    """Return the trust statement for pods with these ServiceAccounts if the platform has a Kubernetes cluster."""
    cluster = platform.kubernetes if platform is not None else None
    if cluster is None:
        return None
    pods = {
        "provider_arn": cluster.oidc_provider_arn,
        "namespace": cluster.namespace,
        "service_account": service_accounts,
    }
    return TrustSpec(kind=OIDC, fields=pods)


def value_checks(function: FunctionSpec) -> Mapping[str, Check]:  # noqa: ARG001 - required by the contract
    """Return checks for the timeout, memory and ephemeral storage."""
    return container_checks(Target.KUBERNETES)


def check(function: FunctionSpec, lane: LaneSpec) -> list[Problem]:
    """Check the platform, concurrency and environment."""
    return check_container_lane(function, lane, Target.KUBERNETES)
