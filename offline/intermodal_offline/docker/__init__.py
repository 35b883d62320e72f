"""Provide Docker and the examples' base image from Debian packages."""
