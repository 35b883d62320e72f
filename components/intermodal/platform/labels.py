"""Labels and annotations that pods, nodes and add-ons use."""

ARCHITECTURE = "kubernetes.io/arch"
"""Node label, and key of the taint that repels pods without an arm64 toleration, as on GKE."""

LOG_GROUP = "intermodal/log-group"
"""Pod annotation that contains the pod's log group name."""
