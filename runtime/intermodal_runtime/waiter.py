"""Run the waiter, which exits with the adapter's exit status; after that, the app is stopped.

In a pod, it is the main process: exit codes of sidecars do not count, and Kubernetes stops main processes first. In an
ECS task, it depends on the app, and ECS stops a container only after its dependents. The waiter forwards SIGTERM as a
drain request, and its grace period is the time available for the drain.
"""

import contextlib
import http.client
import json
import signal
import sys
import time
from collections.abc import Sequence

from .addresses import DRAIN_PATH, PORT, VERDICT_PATH
from .gate import TICK

LOST_SECONDS = 60.0
"""Seconds the adapter may be unreachable: kubelet restarts it immediately at first, then after 10 s, 20 s, …"""


def main(words: Sequence[str]) -> int:
    """Return the adapter's exit status, or 1 if it is unreachable for LOST_SECONDS or the given seconds."""
    lost_seconds = float(words[0]) if words else LOST_SECONDS
    signal.signal(signal.SIGTERM, lambda *_: _request_drain())
    last_seen = time.monotonic()
    while time.monotonic() - last_seen < lost_seconds:
        try:
            return _get_exit_status()
        except ConnectionRefusedError:
            time.sleep(TICK * 10)
        except (OSError, http.client.HTTPException):  # it was reachable, and exited without a status
            last_seen = time.monotonic()
    sys.stderr.write(f"intermodal waiter: no adapter on 127.0.0.1:{PORT} for {lost_seconds:g} s; see its log\n")
    return 1


def _get_exit_status() -> int:
    connection = http.client.HTTPConnection("127.0.0.1", PORT)
    with contextlib.closing(connection):
        connection.request("GET", VERDICT_PATH)
        status: int = json.loads(connection.getresponse().read())["exit"]
        return status


def _request_drain() -> None:
    """Request a drain from the signal handler, on a new connection; the main thread waits in `_get_exit_status`."""
    with contextlib.suppress(OSError, http.client.HTTPException):
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=2)
        with contextlib.closing(connection):
            connection.request("POST", DRAIN_PATH)
            connection.getresponse().read()
