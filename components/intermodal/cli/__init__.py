"""The command `intermodal`: send to a function, run one event, read its logs, check stack files.

No part of the library needs it.
"""

from intermodal.cli.commands import main

__all__ = ["main"]
