"""Collect and report all problems of a definition at once."""
