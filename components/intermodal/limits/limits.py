"""Read AWS and Kubernetes limits from the data files."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from intermodal.limits.targets import Target, data_of


@dataclass(frozen=True, kw_only=True)
class Limits:
    """A target's limits; its target.json cites each value's source."""

    timeout_seconds: range
    memory_mib: range
    ephemeral_storage_mib: range
    maximum_concurrency: range
    environment_bytes: int
    variable_name: str
    reserved_variables: frozenset[str]


@cache
def limits_of(target: Target) -> Limits:
    """Return a target's limits."""
    rows = {key: _row(key, row) for key, row in data_of(target)["limits"].items()}
    return Limits(
        timeout_seconds=_range(rows["timeout_seconds"]),
        memory_mib=_range(rows["memory_mib"]),
        ephemeral_storage_mib=_range(rows["ephemeral_storage_mib"]),
        maximum_concurrency=_range(rows["maximum_concurrency"]),
        environment_bytes=rows["environment_bytes"]["maximum"],
        variable_name=rows["variable_name"]["pattern"],
        reserved_variables=frozenset(rows["reserved_variables"]["names"]),
    )


def batch_limits() -> Mapping[str, range]:
    """Return the limits for batches and receives, which are the same for all targets."""
    return {key: _range(row) for key, row in _shared()["batches"].items()}


def ecs_limits() -> Mapping[str, range]:
    """Return the limits for the options of ECS services."""
    return {key: _range(row) for key, row in _shared()["ecs"].items()}


def log_retention_days() -> tuple[int, ...]:
    """Return the log retention periods, in days, that CloudWatch Logs accepts."""
    return tuple(_shared()["logs"]["retention_days"]["values"])


def security_groups_per_interface() -> int:
    """Return the maximum number of security groups per network interface."""
    maximum: int = _shared()["network"]["security_groups_per_interface"]["maximum"]
    return maximum


def mib_per_vcpu() -> int:
    """Return the memory, in MiB, at which a Lambda function has one vCPU."""
    mib: int = data_of(Target.LAMBDA)["limits"]["mib_per_vcpu"]["value"]
    return mib


@dataclass(frozen=True, kw_only=True)
class TaskSize:
    """A Fargate task size."""

    cpu: int
    """CPU units; 1,024 units are one vCPU."""
    memory_mib: int


def task_size(memory_mib: int, vcpu: float) -> TaskSize | None:
    """Return the smallest Fargate size with at least this memory and these vCPUs, or None if none is large enough."""
    fitting = [
        TaskSize(cpu=cpu, memory_mib=size)
        for cpu, sizes in _task_sizes().items()
        for size in sizes
        if cpu >= vcpu * 1024 and size >= memory_mib
    ]
    return min(fitting, key=lambda size: (size.cpu, size.memory_mib), default=None)


@cache
def _task_sizes() -> Mapping[int, Sequence[int]]:
    rows = data_of(Target.ECS)["limits"]["sizes"]["memory_mib"]
    return {
        int(cpu): sizes if isinstance(sizes, list) else range(sizes["from"], sizes["to"] + 1, sizes["step"])
        for cpu, sizes in rows.items()
    }


def _row(key: str, row: Mapping[str, Any]) -> Mapping[str, Any]:
    if "same_as" not in row:
        return row
    same: Mapping[str, Any] = _shared()[row["same_as"]][key]
    return {**same, "names": [*same["names"], *row["more"]]} if "more" in row else same


@cache
def _shared() -> Mapping[str, Any]:
    data: dict[str, Any] = json.loads(files(__package__).joinpath("limits.json").read_text())
    return data


def _range(row: Mapping[str, int]) -> range:
    return range(row["minimum"], row["maximum"] + 1)
