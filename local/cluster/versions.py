"""Define the versions in every local cluster, regardless of how it was built."""

KUBERNETES = "1.34.4"
"""Must match modules/kubernetes/go.mod in intermodal_offline/cluster."""

KEDA = "2.19.0"
KUEUE = "0.15.0"
