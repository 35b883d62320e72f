"""Validate definitions for AWS Lambda."""

from collections.abc import Mapping

from intermodal.definition.spec import FunctionSpec, LaneSpec
from intermodal.identity.trust import TrustSpec
from intermodal.images.ecr import repository_of
from intermodal.images.reference import BUILD_ADVICE, folder_of, is_on_this_machine
from intermodal.limits import Target, limits_of, mib_per_vcpu
from intermodal.platform.facts import PlatformFacts
from intermodal.problems.errors import Problem
from intermodal.problems.validation import Check, check_value
from intermodal.targets.checks import check_lane, memory_check, range_check, storage_check

TRUSTED = "lambda"

MAXIMUM_CONCURRENCY = 50
"""Default maximum concurrency of a lane. Without a limit, one burst can exhaust the account's concurrency. Throttled
batches count as receives, so valid messages move to the dead-letter queue after five (Lambda developer guide, Using
Lambda with Amazon SQS)."""


def trust(platform: PlatformFacts | None, service_accounts: str) -> TrustSpec | None:  # noqa: ARG001 - by contract
    """Return the trust statement for Lambda, which does not need a platform."""
    return TrustSpec(kind="service", service=TRUSTED)


def value_checks(function: FunctionSpec) -> Mapping[str, Check]:  # noqa: ARG001 - required by the contract
    """Return checks for the image, timeout, memory and ephemeral storage."""
    timeout = range_check(
        "timeout_seconds",
        limits_of(Target.LAMBDA).timeout_seconds,
        Target.LAMBDA,
        "lower it or use target ecs or kubernetes",
    )
    return {
        "timeout_seconds": timeout,
        "memory_mib": memory_check(Target.LAMBDA),
        "ephemeral_storage_mib": storage_check(Target.LAMBDA, "change it, or use target ecs or kubernetes"),
        "image": _check_image,
    }


def check(function: FunctionSpec, lane: LaneSpec) -> list[Problem]:
    """Check the concurrency, vCPUs and environment."""
    problems = check_lane(function, lane, Target.LAMBDA, "change it, or use 0 to pause")
    problems += check_value(function.memory_mib, _vcpu_check(function.vcpu))
    return problems + _check_reserved(function, lane)


def _check_reserved(function: FunctionSpec, lane: LaneSpec) -> list[Problem]:
    """Require at least the mapping's concurrency, because Lambda throttles the rest, which counts as receives."""
    limit = lane.concurrency(MAXIMUM_CONCURRENCY)
    if function.reserved_concurrency is None or function.reserved_concurrency >= limit:
        return []
    text = f"must be at least maximum_concurrency ({limit}) for target lambda, got {function.reserved_concurrency}"
    return [Problem(path="reserved_concurrency", text=f"{text}; raise it, or lower maximum_concurrency")]


def _vcpu_check(vcpu: float) -> Check:
    def check_memory(memory_mib: object) -> Problem | None:
        needed = round(vcpu * mib_per_vcpu())
        if not isinstance(memory_mib, int) or memory_mib >= needed:
            return None
        text = f"must be at least {needed} for vcpu {vcpu:g} on target lambda, got {memory_mib}"
        return Problem(path="memory_mib", text=f"{text}; raise it or lower vcpu")

    return check_memory


def _check_image(image: object) -> Problem | None:
    """Report images outside Amazon ECR, which Lambda rejects (Lambda API reference, FunctionCode, ImageUri).

    Images on this machine are for the AWS emulator.
    """
    if not isinstance(image, str) or not image or repository_of(image):
        return None
    if folder_of(image) is not None or is_on_this_machine(image):
        return None
    text = f"must be in Amazon ECR for target lambda, got {image}; push it there as a single manifest: {BUILD_ADVICE}"
    return Problem(path="image", text=text)
