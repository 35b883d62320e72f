"""Checks that targets share: each takes a limit and says what is allowed and what to do."""

import json
import re
from collections.abc import Mapping

from intermodal.errors import Problem
from intermodal.fit import Limits
from intermodal.function.spec import FunctionSpec
from intermodal.validation import Check

LARGEST_SHOWN = 3


def within(path: str, allowed: range, target: str, advice: str) -> Check:
    """Whether a whole number is in `allowed`."""

    def check(given: object) -> Problem | None:
        if isinstance(given, int) and not isinstance(given, bool) and given in allowed:
            return None
        if isinstance(given, int) and given > allowed[-1]:
            text = f"must be at most {allowed[-1]} for target {target}, got {given}; {advice}"
        else:
            must = f"must be a whole number from {allowed[0]} to {allowed[-1]} for target {target}"
            text = f"{must}, got {given!r}; {advice}"
        return Problem(path=path, text=text)

    return check


def variable_names(function: FunctionSpec, limits: Limits, target: str) -> list[Problem]:
    """Names that the target keeps for itself or does not accept."""
    problems = []
    paths = {name: f"environment.{name}" for name in function.environment}
    paths |= {name: f"secrets.{name}" for name in function.secrets}
    for name, path in paths.items():
        if name in limits.reserved_variables:
            text = f"is set by target {target} itself and cannot be given; use another name"
            problems.append(Problem(path=path, text=text))
        elif not re.fullmatch(limits.variable_name, name):
            text = f"must begin with a letter and go on with letters, digits or _ for target {target}"
            problems.append(Problem(path=path, text=f"{text}; rename it"))
    return problems


def at_most_bytes(limit: int, target: str) -> Check:
    """Whether an environment fits, measured as Lambda does: the variables as JSON."""

    def check(environment: Mapping[str, object]) -> Problem | None:
        size = len(json.dumps(dict(environment), separators=(",", ":"), default=str).encode())
        if size <= limit:
            return None
        by_size = sorted(environment.items(), key=lambda item: -len(str(item[1]).encode()))
        largest = ", ".join(f"{name} ({len(str(value).encode())} bytes)" for name, value in by_size[:LARGEST_SHOWN])
        text = f"must be at most {limit} bytes as JSON for target {target}, got {size}"
        return Problem(
            path="environment",
            text=f"{text}; the largest are {largest}; keep long values in a parameter or secret and read them at start",
        )

    return check
