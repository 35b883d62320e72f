"""Addresses that the adapter image's roles share. The gate imports this module, so it has no slow imports."""

import os

PORT = int(os.environ.get("INTERMODAL_PORT", "9001"))
"""Port of the adapter on 127.0.0.1. Set the environment variable on hosts that share a network namespace."""

VERDICT_PATH, DRAIN_PATH = "/intermodal/verdict", "/intermodal/drain"
