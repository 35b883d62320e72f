"""Implement the `intermodal` command, which sends messages, runs events, prints logs and validates stack files.

The library does not import this package.
"""

from intermodal.cli.commands import main

__all__ = ["main"]
