"""The `http` source: requests posted to an HTTP API."""
