"""Find free ports on the loopback interface."""

import socket


def free_port() -> int:
    """Return an unused port on the loopback interface."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
