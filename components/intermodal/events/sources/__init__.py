"""Sources: one folder each, with args, check and source; docs/contributing/sources.md says how to add one."""
