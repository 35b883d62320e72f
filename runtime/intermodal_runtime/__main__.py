"""Run `python -m intermodal_runtime ROLE …`: a role of the adapter image, or the local runner.

- adapter: run the Runtime API server and the SQS consumer beside an app
- gate: exit with 0 once the adapter is listening
- waiter: run as a pod's main container, and exit with the adapter's exit status
- invoke: start an app, run one event and exit
- serve: run the Runtime API server and the app behind it
"""

import os
import signal
import sys
from importlib import import_module

ENDED_BY_SIGTERM = 143

ROLES = {"adapter": "adapter", "gate": "gate", "waiter": "waiter"}
"""Module by role; each role is a separate module, so that the gate does not import an event loop."""


def main() -> int:
    """Run the role and return its exit code."""
    words = sys.argv[1:]
    role = words[0] if words else ""
    if role in ROLES:
        # As PID 1 in a container, Python would ignore the signal until the role installs a handler.
        signal.signal(signal.SIGTERM, lambda *_: os._exit(ENDED_BY_SIGTERM))
        status: int = import_module(f".{ROLES[role]}", __package__).main(words[1:])
    else:
        status = import_module(".local_runner", __package__).main(words)
    return status


if __name__ == "__main__":
    sys.exit(main())
