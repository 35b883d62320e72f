"""Sources, one folder each (modules args, check and source); docs/contributing/sources.md says how to add one."""
