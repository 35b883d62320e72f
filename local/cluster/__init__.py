"""A Kubernetes with KEDA and Kueue: yours, else kind's, else one node built from Go modules and run in namespaces.

`ensure()` brings it up, `stop()` takes it down. Of the built one nothing outlives it on the machine but the cache.
"""

from local.cluster.choice import Choice, ensure, found, prepare, running, stop
from local.cluster.contract import Cluster

__all__ = ["Choice", "Cluster", "ensure", "found", "prepare", "running", "stop"]
