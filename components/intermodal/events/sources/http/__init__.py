"""The `http` source: POST requests to an HTTP API."""
