"""Registrations of each target."""
