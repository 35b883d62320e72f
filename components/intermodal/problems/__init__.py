"""Collect all problems in a definition and report them together."""
