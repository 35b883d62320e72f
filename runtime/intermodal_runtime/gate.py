"""The gate: exits once the adapter listens, because no runtime client waits for its server.

In an ECS task the app depends on the gate's success and not on the adapter, which would reverse the stop order; in a
pod it is the adapter's postStart hook, whose end kubelet waits for.
"""

import os
import socket
import sys
import time
from collections.abc import Sequence

from .addresses import PORT

SECONDS, TICK = 60.0, 0.02
OPEN = 0o1777
"""Writable for all, and nobody removes what is another's: the mode of /tmp."""


def main(words: Sequence[str]) -> int:
    """Return 0 when something listens on 127.0.0.1:PORT, 1 when nothing does in 60 s, or in the seconds given.

    A folder among the words is opened to every user first, as /tmp is.
    """
    folders = [word for word in words if word.startswith("/")]
    seconds = next((float(word) for word in words if word not in folders), SECONDS)
    for folder in folders:
        try:
            os.chmod(folder, OPEN)  # noqa: PTH101 - pathlib costs this process a tenth of its start
        except OSError as error:
            sys.stderr.write(f"intermodal gate: {folder} cannot be opened to the app: {error.strerror}\n")
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
