"""Run the waiter, which exits with the adapter's exit status, after which the app is stopped.

In a pod, the waiter is the main container, because Kubernetes ignores sidecars' exit codes and stops main containers
first. In an ECS task, it depends on the app, because ECS stops a container only after its dependents. The waiter
forwards SIGTERM as a drain request, and its grace period limits the drain.
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
"""Maximum time for which the adapter may be unreachable; the kubelet restarts it at once, then after 10 s, 20 s, …"""


def main(words: Sequence[str]) -> int:
    """Return the adapter's exit status, or 1 if it is unreachable for LOST_SECONDS or the seconds in `words`."""
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
    """Request a drain on a new connection, because the main thread is waiting in `_get_exit_status`."""
    with contextlib.suppress(OSError, http.client.HTTPException):
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=2)
        with contextlib.closing(connection):
            connection.request("POST", DRAIN_PATH)
            connection.getresponse().read()
