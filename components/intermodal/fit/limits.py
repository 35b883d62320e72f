"""Read the limits of a target from the data file beside this module."""

import json
from collections.abc import Mapping, Sequence
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
    rows = {key: _row(key, row) for key, row in _data()[target].items()}
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


@dataclass(frozen=True, kw_only=True)
class TaskSize:
    """A size that Fargate offers."""

    cpu: int
    """In units of which 1,024 are a vCPU."""
    memory_mib: int


def task_size(memory_mib: int, vcpu: float) -> TaskSize | None:
    """The smallest size of a Fargate task with this much memory and this many vCPUs; None where none is so large."""
    fitting = [
        TaskSize(cpu=cpu, memory_mib=size)
        for cpu, sizes in _task_sizes().items()
        for size in sizes
        if cpu >= vcpu * 1024 and size >= memory_mib
    ]
    return min(fitting, key=lambda size: (size.cpu, size.memory_mib), default=None)


@cache
def _task_sizes() -> Mapping[int, Sequence[int]]:
    rows = _data()["ecs"]["sizes"]["memory_mib"]
    return {
        int(cpu): sizes if isinstance(sizes, list) else range(sizes["from"], sizes["to"] + 1, sizes["step"])
        for cpu, sizes in rows.items()
    }


def _row(key: str, row: Mapping[str, Any]) -> Mapping[str, Any]:
    if "same_as" not in row:
        return row
    same: Mapping[str, Any] = _data()[row["same_as"]][key]
    return {**same, "names": [*same["names"], *row["more"]]} if "more" in row else same


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(files(__package__).joinpath("limits.json").read_text())
    return data


def _range(row: Mapping[str, int]) -> range:
    return range(row["minimum"], row["maximum"] + 1)
