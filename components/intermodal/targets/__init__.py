"""Targets: one independent folder each; docs/contributing/targets.md says how to add one."""
