"""Read the limits of a target from the data file beside this module."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one target allows; each figure's source stands in limits.json."""

    timeout_seconds: range
    memory_mib: range
    maximum_concurrency: range
    environment_bytes: int
    variable_name: str
    reserved_variables: frozenset[str]


@cache
def limits_of(target: str) -> Limits:
    """Limits of the target with this word."""
    rows = _data()[target]
    return Limits(
        timeout_seconds=_range(rows["timeout_seconds"]),
        memory_mib=_range(rows["memory_mib"]),
        maximum_concurrency=_range(rows["maximum_concurrency"]),
        environment_bytes=rows["environment_bytes"]["maximum"],
        variable_name=rows["variable_name"]["pattern"],
        reserved_variables=frozenset(rows["reserved_variables"]["names"]),
    )


def log_retention_days() -> tuple[int, ...]:
    """Days for which CloudWatch keeps logs; it takes no others."""
    return tuple(_data()["logs"]["retention_days"]["values"])


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(files(__package__).joinpath("limits.json").read_text())
    return data


def _range(row: dict[str, int]) -> range:
    return range(row["minimum"], row["maximum"] + 1)
