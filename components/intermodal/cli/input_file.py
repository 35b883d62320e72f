"""What a user gives by the name of a file; `-` is the standard input."""

import sys
from pathlib import Path

from intermodal.problems.errors import CliError


def display_name(file: str) -> str:
    """How a message calls it."""
    return "the standard input" if file == "-" else file


def read_bytes(file: str) -> bytes:
    """What it holds.

    Raises:
        CliError: it cannot be read.
    """
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise CliError(
            f"{display_name(file)} cannot be read: {error.strerror}; give a file that is there, or -"
        ) from error
