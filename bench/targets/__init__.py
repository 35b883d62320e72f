"""Measure the latency and cost of each target."""
