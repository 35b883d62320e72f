"""Limits of the targets, as dated data with a source per row."""

from intermodal.fit.limits import Limits, limits_of, log_retention_days

__all__ = ["Limits", "limits_of", "log_retention_days"]
