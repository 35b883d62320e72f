"""One node of Kubernetes with KEDA and Kueue, built from Go modules and run in namespaces of its own.

Nothing of it outlives `stop()` on the machine but the cache.
"""

from intermodal_offline.cluster.clone import ensure, found, prepare, running, stop

__all__ = ["ensure", "found", "prepare", "running", "stop"]
