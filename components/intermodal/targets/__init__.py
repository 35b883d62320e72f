"""Targets: each a folder that knows nothing of the others. docs/contributing/targets.md says how to add one."""
