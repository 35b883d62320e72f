"""Stacks, namespaces and load generators that benchmarks and tests share."""
