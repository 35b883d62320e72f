"""The command `intermodal`: send to a function, read its logs, check stack files. No part of the library needs it."""

from intermodal.cli.commands import main

__all__ = ["main"]
