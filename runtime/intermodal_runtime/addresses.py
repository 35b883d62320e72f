"""Where the roles of the adapter image meet; no imports that cost time, because a gate reads it."""

import os

PORT = int(os.environ.get("INTERMODAL_PORT", "9001"))
"""Of the adapter, on 127.0.0.1; the variable is for a host whose network many share."""

VERDICT_PATH, DRAIN_PATH = "/intermodal/verdict", "/intermodal/drain"
