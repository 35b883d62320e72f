"""The consumers of event source mappings: threads of ministack, one to a batch, which a chaos run may kill.

AWS says nothing of its own pollers, but that a batch is delivered at least once (Lambda developer guide, "Using Lambda
with Amazon SQS"): one that goes away between a run and the deletion of its messages lets them come again.
"""

import ctypes
import logging
import signal
import threading

THREAD = "ministack-esm"
"""As `lambda_svc._dispatch_esm_batch` calls them."""

KILL = signal.SIGUSR1
KILLED = "A consumer of a mapping was killed"


def listen() -> None:
    """Kill one consumer at every `KILL` that this process gets, if one has a batch."""
    signal.signal(KILL, lambda *_: _kill_one())


def _kill_one() -> None:
    """The oldest; it ends where it next comes back to Python, which for one that waits is after its run."""
    for thread in threading.enumerate():
        if thread.name == THREAD and thread.ident:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit))
            thread.name = f"{THREAD}-killed"  # while it waits for its run; once is enough
            logging.getLogger(__name__).warning(KILLED)
            return
