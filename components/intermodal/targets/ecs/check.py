"""Validate definitions for Amazon ECS."""

from collections.abc import Mapping

from intermodal.definition.spec import FunctionSpec, LaneSpec
from intermodal.identity.trust import TrustSpec
from intermodal.limits import Target, task_size
from intermodal.platform.facts import PlatformFacts
from intermodal.problems.errors import Problem
from intermodal.problems.validation import Check
from intermodal.targets.checks import (
    ADAPTER_MIB,
    MAXIMUM_CONCURRENCY,
    PAUSED,
    check_container_lane,
    container_checks,
    memory_check,
)

TRUSTED = "ecs-tasks"


def trust(platform: PlatformFacts | None, service_accounts: str) -> TrustSpec | None:  # noqa: ARG001 - by contract
    """Return the trust statement for tasks if the platform has an ECS cluster."""
    has_cluster = platform is not None and platform.ecs is not None
    return TrustSpec(kind="service", service=TRUSTED) if has_cluster else None


def value_checks(function: FunctionSpec) -> Mapping[str, Check]:
    """Return checks for the timeout, the ephemeral storage, and the task size that the memory and vCPUs need."""
    return {**container_checks(Target.ECS), "memory_mib": _size_check(function.vcpu)}


def check(function: FunctionSpec, lane: LaneSpec) -> list[Problem]:
    """Check the platform, VPC, concurrency and environment."""
    problems = check_container_lane(function, lane, Target.ECS)
    if function.platform is not None and not function.vpc:
        text = "must be true for target ecs, whose tasks run in a VPC; set it to true"
        problems.append(Problem(path="vpc", text=text))
    return problems + _check_minimum(function, lane)


def _check_minimum(function: FunctionSpec, lane: LaneSpec) -> list[Problem]:
    maximum = lane.concurrency(MAXIMUM_CONCURRENCY)
    if function.ecs.minimum_tasks <= maximum or maximum == PAUSED:
        return []
    text = f"must be at most maximum_concurrency ({maximum}), got {function.ecs.minimum_tasks}"
    return [Problem(path="ecs.minimum_tasks", text=f"{text}; lower it, or raise maximum_concurrency")]


def _size_check(vcpu: float) -> Check:
    within_limits = memory_check(Target.ECS)

    def check_memory(given: object) -> Problem | None:
        if problem := within_limits(given):
            return problem
        if isinstance(given, int) and task_size(given + ADAPTER_MIB, vcpu) is None:
            text = f"and vcpu must fit a Fargate task size for target ecs, got {given} and {vcpu:g}"
            return Problem(path="memory_mib", text=f"{text}; the maximum is 32 vCPU, or 122752 MiB with 16 vCPU")
        return None

    return check_memory
