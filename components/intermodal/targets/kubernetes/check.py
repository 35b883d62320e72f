"""Validate definitions for Kubernetes."""

from collections.abc import Mapping

from intermodal.definition.spec import FunctionSpec, LaneSpec
from intermodal.identity.trust import OIDC, TrustSpec
from intermodal.limits import Target
from intermodal.platform.facts import PlatformFacts
from intermodal.problems.errors import Problem
from intermodal.problems.validation import Check
from intermodal.targets.checks import (
    check_lane,
    memory_check,
    missing_platform,
    refuse_lambda_only,
    storage_check,
    timeout_check,
)

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
    return {
        "timeout_seconds": timeout_check(Target.KUBERNETES),
        "memory_mib": memory_check(Target.KUBERNETES),
        "ephemeral_storage_mib": storage_check(Target.KUBERNETES),
    }


def check(function: FunctionSpec, lane: LaneSpec) -> list[Problem]:
    """Check the platform, concurrency and environment.

    FIFO inboxes are supported, because SQS blocks a message group while one of its messages is in flight.
    """
    problems = [] if function.platform is not None else [missing_platform(Target.KUBERNETES)]
    problems += refuse_lambda_only(function, Target.KUBERNETES)
    return problems + check_lane(function, lane, Target.KUBERNETES)
