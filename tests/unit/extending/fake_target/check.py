"""What a definition must meet on the fake target."""

from collections.abc import Mapping

from intermodal.definition.spec import FunctionSpec, LaneSpec
from intermodal.identity.trust import TrustSpec
from intermodal.limits import Target
from intermodal.platform.facts import PlatformFacts
from intermodal.problems.errors import Problem
from intermodal.problems.validation import Check
from intermodal.targets.checks import lane_problems, longest_run, memory

TRUSTED = "lambda"


def trust(platform: PlatformFacts | None, service_accounts: str) -> TrustSpec | None:
    """Return nothing: Lambda's own statement is enough."""
    return None


def value_checks(function: FunctionSpec) -> Mapping[str, Check]:
    """Check the timeout and the memory."""
    return {"timeout_seconds": longest_run(Target("batch")), "memory_mib": memory(Target("batch"))}


def check(function: FunctionSpec, lane: LaneSpec) -> list[Problem]:
    """Check concurrency and environment."""
    return lane_problems(function, lane, Target("batch"))
