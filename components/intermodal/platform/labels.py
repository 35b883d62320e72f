"""Labels and annotations shared by pods, nodes and add-ons."""

ARCHITECTURE = "kubernetes.io/arch"
"""Label of nodes, and key of the taint that keeps off pods without an arm64 toleration, as on GKE."""

LOG_GROUP = "intermodal/log-group"
"""Annotation of a pod with the name of its log group."""
