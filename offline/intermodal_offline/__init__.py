"""Build or replace what a machine without internet cannot download, for the local environment in `local/`."""
