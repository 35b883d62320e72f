"""Run the gate, which exits once the adapter is listening, because runtime clients do not wait for their server.

In an ECS task, the app depends on the gate's success, because a dependency on the adapter would reverse the stop order.
In a pod, the gate is the adapter's postStart hook, for which the kubelet waits.
"""

import os
import socket
import sys
import time
from collections.abc import Sequence

from .addresses import PORT

SECONDS, TICK = 60.0, 0.02
OPEN = 0o1777
"""World-writable with the sticky bit, like /tmp."""


def main(words: Sequence[str]) -> int:
    """Return 0 once a process is listening on 127.0.0.1:PORT, or 1 after 60 s or the number of seconds in `words`.

    Folders in `words` are first made world-writable, like /tmp.
    """
    folders = [word for word in words if word.startswith("/")]
    seconds = next((float(word) for word in words if word not in folders), SECONDS)
    for folder in folders:
        try:
            os.chmod(folder, OPEN)  # noqa: PTH101 - pathlib would add a tenth to the start-up time
        except OSError as error:
            sys.stderr.write(f"intermodal gate: {folder} cannot be made writable for the app: {error.strerror}\n")
            return 1
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", PORT)) == 0:
                return 0
        time.sleep(TICK)
    sys.stderr.write(
        f"intermodal gate: nothing listens on 127.0.0.1:{PORT} after {seconds:g} s; see the adapter's log\n"
    )
    return 1
