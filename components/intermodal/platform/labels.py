"""Labels and annotations shared by pods, nodes and add-ons."""

ARCHITECTURE = "kubernetes.io/arch"
"""Label of nodes, and key of the taint that keeps pods off that did not ask for arm64 (as GKE has it, too)."""

LOG_GROUP = "intermodal/log-group"
"""Annotation of a pod: name of the log group that its lines belong to."""
