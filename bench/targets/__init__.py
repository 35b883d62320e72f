"""Latency and cost of each target."""
