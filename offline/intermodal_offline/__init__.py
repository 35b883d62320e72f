"""Substitutes for what a machine without internet cannot download, used by the local environment in `local/`."""
