"""Benchmarks of the library, its runtime and its targets."""
