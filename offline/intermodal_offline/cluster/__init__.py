"""A Kubernetes node with KEDA and Kueue, built from Go modules and run in its own namespaces.

After `stop()` only the cache remains on the machine.
"""

from intermodal_offline.cluster.clone import ensure, found, prepare, running, stop

__all__ = ["ensure", "found", "prepare", "running", "stop"]
