"""Annotations of pods that an add-on of the platform reads."""

LOG_GROUP = "intermodal/log-group"
"""Name of the log group that the pod's lines belong to."""
