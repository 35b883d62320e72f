"""Kill event source mapping consumers in chaos tests; they are ministack threads, one per batch.

AWS documents only that it delivers a batch at least once (Lambda developer guide, "Using Lambda with Amazon SQS"). A
poller that exits between a run and the deletion of its messages causes a redelivery.
"""

import ctypes
import logging
import signal
import threading

THREAD = "ministack-esm"
"""Name of the threads that `lambda_svc._dispatch_esm_batch` starts."""

KILL = signal.SIGUSR1
KILLED = "A consumer of a mapping was killed"


def listen() -> None:
    """Kill one consumer that has a batch, if any, each time this process receives `KILL`."""
    signal.signal(KILL, lambda *_: _kill_one())


def _kill_one() -> None:
    """Kill the oldest consumer; it exits at its next Python bytecode, so after a run that it is waiting for."""
    for thread in threading.enumerate():
        if thread.name == THREAD and thread.ident:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit))
            thread.name = f"{THREAD}-killed"  # skip it next time, because it may still be waiting for its run
            logging.getLogger(__name__).warning(KILLED)
            return
