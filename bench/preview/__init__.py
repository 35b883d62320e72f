"""Measure how long previews take."""
