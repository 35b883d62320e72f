"""Kill an event source mapping's consumers in chaos tests; each is a ministack thread that processes one batch.

AWS documents only that it delivers a batch at least once (Lambda developer guide, "Using Lambda with Amazon SQS"). A
poller that exits after an invocation but before it deletes the messages causes a redelivery.
"""

import ctypes
import logging
import signal
import threading

THREAD = "ministack-esm"
"""Name of the threads that `lambda_svc._dispatch_esm_batch` starts."""

KILL = signal.SIGUSR1
KILLED = "Killed a consumer of an event source mapping"


def listen() -> None:
    """Kill one consumer that is processing a batch, if there is one, on each SIGUSR1 (`KILL`)."""
    signal.signal(KILL, lambda *_: _kill_one())


def _kill_one() -> None:
    """Kill the oldest consumer; it exits at its next Python bytecode, which is after a pending invocation."""
    for thread in threading.enumerate():
        if thread.name == THREAD and thread.ident:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit))
            thread.name = f"{THREAD}-killed"  # skip it next time; it may still be waiting for an invocation
            logging.getLogger(__name__).warning(KILLED)
            return
