"""Implement each target in an independent folder; see docs/contributing/targets.md for how to add a target."""
