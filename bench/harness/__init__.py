"""Stacks, namespaces and load generators for benchmarks and tests."""
