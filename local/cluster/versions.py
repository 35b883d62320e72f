"""Define the versions that every local cluster uses."""

KUBERNETES = "1.34.4"
"""Must match the version in intermodal_offline/cluster/modules/kubernetes/go.mod."""

KEDA = "2.19.0"
KUEUE = "0.15.0"
