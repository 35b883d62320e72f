"""Throughput of the runtime."""
