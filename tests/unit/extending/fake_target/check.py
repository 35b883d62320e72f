"""Check a definition for the fake target."""

from collections.abc import Mapping

from intermodal.definition.spec import FunctionSpec, LaneSpec
from intermodal.identity.trust import TrustSpec
from intermodal.limits import Target
from intermodal.platform.facts import PlatformFacts
from intermodal.problems.errors import Problem
from intermodal.problems.validation import Check
from intermodal.targets.checks import check_lane, container_checks

TRUSTED = "lambda"


def trust(platform: PlatformFacts | None, service_accounts: str) -> TrustSpec | None:
    """Return nothing: Lambda's own statement is enough."""
    return None


def value_checks(function: FunctionSpec) -> Mapping[str, Check]:
    """Check the timeout, memory and ephemeral storage."""
    return container_checks(Target("batch"))


def check(function: FunctionSpec, lane: LaneSpec) -> list[Problem]:
    """Check concurrency and environment."""
    return check_lane(function, lane, Target("batch"))
