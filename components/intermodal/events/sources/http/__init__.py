"""Requests posted to an HTTP API."""
