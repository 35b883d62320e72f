"""Benchmark the library, its runtime, and its targets."""
