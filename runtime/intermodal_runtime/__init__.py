"""Lambda Runtime API server: runs an unmodified Lambda container image outside Lambda.

The names below are loaded on first use (PEP 562): importing asyncio costs most of the start-up time, and a
caller that only wants `FunctionContext` or an error name need not pay for it.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .api import RuntimeApi as RuntimeApi
    from .errors import ErrorType as ErrorType
    from .errors import RuntimeNotReadyError as RuntimeNotReadyError
    from .invocation import FunctionContext as FunctionContext
    from .invocation import Invocation as Invocation
    from .invocation import Result as Result
    from .runner import ProcessRunner as ProcessRunner
    from .server import Server as Server
    from .server import serve as serve
    from .variables import environment as environment

_HOMES = {
    "ErrorType": "errors",
    "FunctionContext": "invocation",
    "Invocation": "invocation",
    "ProcessRunner": "runner",
    "Result": "invocation",
    "RuntimeApi": "api",
    "RuntimeNotReadyError": "errors",
    "Server": "server",
    "environment": "variables",  # not of its own name: importing the module would hide the function
    "serve": "server",
}

__all__ = [
    "ErrorType",
    "FunctionContext",
    "Invocation",
    "ProcessRunner",
    "Result",
    "RuntimeApi",
    "RuntimeNotReadyError",
    "Server",
    "environment",
    "serve",
]


def __getattr__(name: str) -> object:
    """Load the module that holds `name`; AttributeError for anything that is not in `__all__`."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - laziness is the point of this function

    value: object = getattr(import_module(f".{home}", __name__), name)
    globals()[name] = value
    return value
