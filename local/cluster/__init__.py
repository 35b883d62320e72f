"""A Kubernetes with KEDA and Kueue: yours, else kind's, else one that an extension builds.

`ensure()` brings it up, `stop()` takes it down.
"""

from local.cluster.choice import Choice, ensure, found, prepare, running, stop
from local.cluster.contract import Cluster

__all__ = ["Choice", "Cluster", "ensure", "found", "prepare", "running", "stop"]
