"""Replace what a machine without internet cannot download, for the local default in `local/`."""
