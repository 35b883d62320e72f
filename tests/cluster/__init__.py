"""Tests on a real Kubernetes with real KEDA and Kueue."""
