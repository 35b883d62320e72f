"""Define handlers that the real runtime client loads in the tests. They use only the standard library."""

import os
import time
from pathlib import Path
from typing import Any


def echo(event: Any, context: Any) -> Any:
    """Return what the handler receives as its event and context."""
    return {
        "event": event,
        "request_id": context.aws_request_id,
        "arn": context.invoked_function_arn,
        "name": context.function_name,
        "memory": context.memory_limit_in_mb,
        "remaining_ms": context.get_remaining_time_in_millis(),
        "trace": os.environ.get("_X_AMZN_TRACE_ID"),
        "client": context.client_context and context.client_context.custom,
        "pid": os.getpid(),
    }


def fail(event: Any, context: Any) -> Any:
    """Raise a handler error."""
    raise ValueError(f"no {event['what']}")


def leave(event: Any, context: Any) -> Any:
    """Exit in the middle of an event."""
    if event.get("leave", True):
        os._exit(3)
    return "stayed"


def large(event: Any, context: Any) -> Any:
    """Return a response with this size in bytes, including quotes."""
    return "x" * (event["bytes"] - 2)


def slow(event: Any, context: Any) -> Any:
    """Stay busy until the file exists."""
    while not Path(event["until"]).exists():
        time.sleep(0.005)
    return "late"
