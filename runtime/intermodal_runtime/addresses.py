"""Addresses that the adapter image's roles share; the module has no slow imports, because the gate imports it."""

import os

PORT = int(os.environ.get("INTERMODAL_PORT", "9001"))
"""The adapter's port on 127.0.0.1. The environment variable is for hosts with a shared network."""

VERDICT_PATH, DRAIN_PATH = "/intermodal/verdict", "/intermodal/drain"
