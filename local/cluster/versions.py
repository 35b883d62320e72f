"""The versions that every local cluster has, whoever makes it."""

KUBERNETES = "1.34.4"
"""Has to agree with modules/kubernetes/go.mod in intermodal_offline/cluster."""

KEDA = "2.19.0"
KUEUE = "0.15.0"
