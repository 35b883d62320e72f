"""Run a Kubernetes cluster with KEDA and Kueue: the user's, else a kind cluster, else one that an extension builds.

`ensure()` starts the cluster, and `stop()` stops it.
"""

from local.cluster.choice import Choice, ensure, found, prepare, running, stop
from local.cluster.contract import Cluster

__all__ = ["Choice", "Cluster", "ensure", "found", "prepare", "running", "stop"]
