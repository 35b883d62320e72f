"""Read an input that is passed on the command line: a file path, or `-` for standard input."""

import sys
from pathlib import Path

from intermodal.problems.errors import CliError


def display_name(file: str) -> str:
    """Return the input's name as shown in messages."""
    return "the standard input" if file == "-" else file


def read_bytes(file: str) -> bytes:
    """Return the input's content.

    Raises:
        CliError: The file cannot be read.
    """
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise CliError(
            f"{display_name(file)} cannot be read: {error.strerror}; specify an existing file, or - for standard input"
        ) from error
