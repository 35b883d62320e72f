"""Containerized functions for Pulumi."""
