"""Read limits and quotas from dated data files, which cite a source for each row."""

from intermodal.limits.limits import (
    Limits,
    TaskSize,
    batch_limits,
    ecs_limits,
    limits_of,
    log_retention_days,
    mib_per_vcpu,
    security_groups_per_interface,
    task_size,
)
from intermodal.limits.targets import Target, TargetLike, data_of, package_of

__all__ = [
    "Limits",
    "Target",
    "TargetLike",
    "TaskSize",
    "batch_limits",
    "data_of",
    "ecs_limits",
    "limits_of",
    "log_retention_days",
    "mib_per_vcpu",
    "package_of",
    "security_groups_per_interface",
    "task_size",
]
