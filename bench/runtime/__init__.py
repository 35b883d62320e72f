"""Measure runtime throughput."""
