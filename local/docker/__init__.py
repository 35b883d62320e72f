"""Provide a Docker daemon, the base image and the function images.

The daemon is the machine's, else a private one from Debian's packages.
"""
