"""Labels and annotations that pods, nodes and add-ons share."""

ARCHITECTURE = "kubernetes.io/arch"
"""Node label, and key of the taint that keeps pods without an arm64 toleration off the node, as on GKE."""

LOG_GROUP = "intermodal/log-group"
"""Pod annotation that contains the name of the pod's log group."""
