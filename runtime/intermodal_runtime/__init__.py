"""Lambda Runtime API server."""
