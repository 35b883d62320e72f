"""Limits of the targets, as dated data with a source per row."""

from intermodal.fit.limits import Limits, TaskSize, limits_of, log_retention_days, task_size

__all__ = ["Limits", "TaskSize", "limits_of", "log_retention_days", "task_size"]
