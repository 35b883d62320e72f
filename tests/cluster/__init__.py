"""A real Kubernetes with real KEDA and Kueue."""
