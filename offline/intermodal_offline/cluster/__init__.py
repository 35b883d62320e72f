"""Build a Kubernetes cluster with KEDA and Kueue from Go modules, and run it in separate Linux namespaces.

After `stop()`, only the cache remains on the machine.
"""

from intermodal_offline.cluster.clone import ensure, found, prepare, running, stop

__all__ = ["ensure", "found", "prepare", "running", "stop"]
