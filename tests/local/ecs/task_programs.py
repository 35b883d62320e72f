"""Define the programs that tasks under test run."""

WAIT = """
import signal, sys, threading
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
threading.Event().wait()
"""
STUBBORN = """
import signal, threading
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready")
threading.Event().wait()
"""
TELL = """
import signal, sys, threading, time
def end(*_):
    print(time.time()); time.sleep({hold}); sys.exit(0)
signal.signal(signal.SIGTERM, end)
print("ready")
threading.Event().wait()
"""
