"""Target `kubernetes`: Kubernetes Jobs, started by KEDA."""

from intermodal.targets.pending import PendingTarget

TARGET = PendingTarget(word="kubernetes")
