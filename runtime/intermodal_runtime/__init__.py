"""Lambda Runtime API server that runs an unmodified Lambda container image outside Lambda.

Public names are loaded on first use (PEP 562), because importing asyncio takes most of the start-up time. Callers that
need only `FunctionContext` or an error type avoid that import.
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
    "environment": "variables",  # not in a module of the same name, which would shadow the function once imported
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
    """Import a public name on first use; raise AttributeError for other names."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - lazy import on purpose

    value: object = getattr(import_module(f".{home}", __name__), name)
    globals()[name] = value
    return value
