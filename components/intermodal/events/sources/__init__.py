"""Implement each kind of source in a folder of its own; see docs/contributing/sources.md for how to add one."""
