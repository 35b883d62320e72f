"""The `intermodal` command: send messages, run one event, read logs, validate stack files.

The library does not depend on this package.
"""

from intermodal.cli.commands import main

__all__ = ["main"]
