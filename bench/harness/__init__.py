"""Stacks, namespaces and loads that benchmarks and tests share."""
