"""Source `http`: requests posted to an HTTP API."""
