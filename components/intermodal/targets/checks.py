"""Define checks that several targets use."""

import json
import re
from collections.abc import Iterable, Mapping

from pulumi import Output

from intermodal.definition.spec import FunctionSpec, LaneSpec
from intermodal.limits import Target, limits_of
from intermodal.problems.errors import Problem, join_path
from intermodal.problems.validation import Check, check_value, is_integer

VARIABLES_SHOWN = 3
PAUSED = 0

MAXIMUM_CONCURRENCY = 10
"""Maximum tasks or Jobs for a lane without maximum_concurrency."""

ADAPTER_MIB = 128
"""Task memory for the adapter, which needs at most 64 MiB and one batch of events."""


def range_check(path: str, allowed: range, target: Target, advice: str) -> Check:
    """Return a check that an integer is in `allowed`."""

    def check(given: object) -> Problem | None:
        if is_integer(given) and given in allowed:
            return None
        if isinstance(given, int) and given > allowed[-1]:
            text = f"must be at most {allowed[-1]} for target {target.value}, got {given}; {advice}"
        else:
            must = f"must be an integer from {allowed[0]} to {allowed[-1]} for target {target.value}"
            text = f"{must}, got {given!r}; {advice}"
        return Problem(path=path, text=text)

    return check


def storage_check(target: Target, advice: str = "change it") -> Check:
    """Return a check for the size of /tmp in MiB."""
    return range_check("ephemeral_storage_mib", limits_of(target).ephemeral_storage_mib, target, advice)


def memory_check(target: Target) -> Check:
    """Return a check for the memory in MiB."""
    return range_check("memory_mib", limits_of(target).memory_mib, target, "change it")


def container_checks(target: Target) -> dict[str, Check]:
    """Return the checks of a target outside Lambda for the timeout, memory and ephemeral storage.

    The timeout is limited by the maximum visibility timeout in SQS of twelve hours.
    """
    timeout = range_check("timeout_seconds", limits_of(target).timeout_seconds, target, "lower it, or split the work")
    return {
        "timeout_seconds": timeout,
        "memory_mib": memory_check(target),
        "ephemeral_storage_mib": storage_check(target),
    }


def check_container_lane(function: FunctionSpec, lane: LaneSpec, target: Target) -> list[Problem]:
    """Return problems with a lane outside Lambda: the platform, arguments that only Lambda supports, and `check_lane`.

    FIFO inboxes are supported, because SQS blocks a message group while one of its messages is in flight.
    """
    problems = []
    if function.platform is None:
        text = f"is required for target {target.value}, which runs on the platform's cluster; set platform"
        problems.append(Problem(path="platform", text=text))
    return problems + _refuse_lambda_only(function, target) + check_lane(function, lane, target)


def check_lane(function: FunctionSpec, lane: LaneSpec, target: Target, advice: str = "change it") -> list[Problem]:
    """Return problems with the lane's concurrency and the function's environment."""
    limits, problems = limits_of(target), []
    if lane.maximum_concurrency not in {None, PAUSED}:
        path, allowed = f"{lane.path}maximum_concurrency", limits.maximum_concurrency
        if allowed.start == 1:
            allowed = range(PAUSED, allowed.stop)  # include 0 in the message, because it pauses the lane
        problems += check_value(lane.maximum_concurrency, range_check(path, allowed, target, advice))
    paths = {name: join_path("environment", name) for name in function.environment}
    paths |= {name: join_path("secrets", name) for name in function.secrets}
    problems += check_variables(paths, target)
    if not any(isinstance(value, Output) for value in function.environment.values()):
        problems += check_value(function.environment, environment_size_check(limits.environment_bytes, target))
    return problems


def _refuse_lambda_only(function: FunctionSpec, target: Target) -> list[Problem]:
    """Return problems with arguments that only Lambda supports, unless one of the function's lanes is on Lambda."""
    if function.reserved_concurrency is None or any(lane.target is Target.LAMBDA for lane in function.lanes):
        return []
    text = f"has no effect on target {target.value}, which has no account concurrency limit"
    return [Problem(path="reserved_concurrency", text=f"{text}; use maximum_concurrency")]


def check_variables(paths: Mapping[str, str], target: Target) -> Iterable[Problem]:
    """Yield problems with variables that the target sets or rejects; `paths` maps each variable to its path."""
    limits = limits_of(target)
    for name, path in paths.items():
        if name in limits.reserved_variables:
            text = f"is reserved by target {target.value}; use a different name"
            yield Problem(path=path, text=text)
        elif not re.fullmatch(limits.variable_name, name):
            text = f"must be a letter followed by letters, digits or _ for target {target.value}"
            yield Problem(path=path, text=f"{text}; rename it")


def environment_size_check(limit: int, target: Target) -> Check:
    """Return a check for the environment's size, measured as JSON, as Lambda does."""

    def check(environment: Mapping[str, object]) -> Problem | None:
        size = len(json.dumps(dict(environment), separators=(",", ":"), default=str).encode())
        if size <= limit:
            return None
        by_size = sorted(environment.items(), key=lambda item: -len(str(item[1]).encode()))
        largest = ", ".join(f"{name} ({len(str(value).encode())} bytes)" for name, value in by_size[:VARIABLES_SHOWN])
        text = f"must be at most {limit} bytes as JSON for target {target.value}, got {size}"
        return Problem(
            path="environment",
            text=f"{text}; move long values to a parameter or secret; the largest variables are {largest}",
        )

    return check
