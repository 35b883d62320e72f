"""Validate a definition for AWS Lambda."""

from collections.abc import Mapping

from intermodal.definition.spec import FunctionSpec, LaneSpec
from intermodal.identity.trust import TrustSpec
from intermodal.images.ecr import repository_of
from intermodal.images.reference import HOW_TO_BUILD, folder_of
from intermodal.limits import Target, limits_of, mib_per_vcpu
from intermodal.platform.facts import PlatformFacts
from intermodal.problems.errors import Problem
from intermodal.problems.validation import Check, problems_of
from intermodal.targets.checks import lane_problems, memory, within

TRUSTED = "lambda"


def trust(platform: PlatformFacts | None, service_accounts: str) -> TrustSpec | None:  # noqa: ARG001 - the contract
    """Return the statement for Lambda, which needs no platform."""
    return TrustSpec(kind="service", service=TRUSTED)


def value_checks(function: FunctionSpec) -> Mapping[str, Check]:  # noqa: ARG001 - the contract
    """Check the image, the timeout and the memory."""
    timeout = within(
        "timeout_seconds",
        limits_of(Target.LAMBDA).timeout_seconds,
        Target.LAMBDA,
        "lower it or use target ecs or kubernetes",
    )
    return {"timeout_seconds": timeout, "memory_mib": memory(Target.LAMBDA), "image": _image_problem}


def check(function: FunctionSpec, lane: LaneSpec) -> list[Problem]:
    """Check concurrency, vCPUs and environment."""
    problems = lane_problems(function, lane, Target.LAMBDA, "change it, or 0 to pause")
    return problems + problems_of(function.memory_mib, _enough_for(function.vcpu))


def _enough_for(vcpu: float) -> Check:
    def check_memory(memory_mib: object) -> Problem | None:
        needed = round(vcpu * mib_per_vcpu())
        if not isinstance(memory_mib, int) or memory_mib >= needed:
            return None
        text = f"must be at least {needed} for {vcpu:g} vcpu on target lambda, got {memory_mib}"
        return Problem(path="memory_mib", text=f"{text}; raise it or lower vcpu")

    return check_memory


def _image_problem(image: object) -> Problem | None:
    """Refuse images outside Amazon ECR (Lambda API reference, FunctionCode, ImageUri)."""
    if not isinstance(image, str) or not image or folder_of(image) is not None or repository_of(image):
        return None
    text = f"must be in Amazon ECR for target lambda, got {image}; push it there as one manifest: {HOW_TO_BUILD}"
    return Problem(path="image", text=text)
