"""Test on a real Kubernetes cluster with real KEDA and Kueue."""
