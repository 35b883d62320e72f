"""Addresses shared by the roles of the adapter image; without slow imports, because the gate reads them."""

import os

PORT = int(os.environ.get("INTERMODAL_PORT", "9001"))
"""Port of the adapter on 127.0.0.1. The variable is for hosts with a shared network."""

VERDICT_PATH, DRAIN_PATH = "/intermodal/verdict", "/intermodal/drain"
