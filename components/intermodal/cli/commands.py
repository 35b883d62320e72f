"""Parse the command line and call the command's module, which defines `add_arguments` and `run`."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from intermodal.problems.errors import CliError, end_sentence

COMMANDS: Mapping[str, str] = {
    "send": "send a file's content to a function's inbox and print the message ID",
    "run": "run one event on a function's target, bypassing its inbox, and print the response",
    "logs": "print a function's log, oldest line first",
    "validate": "validate the intermodal: settings in stack files",
    "schema": "print the JSON schema for stack files",
}
"""Help text by command. Each command is in the module of the same name, which is imported on use."""

EXTRA = ("boto3", "botocore", "kubernetes", "urllib3", "yaml")
"""Packages that the `cli` extra installs."""

INTERRUPTED = 130
"""Exit code that a shell reports for a program stopped by Ctrl-C."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 for success, 1 for an error, 2 for incorrect usage."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        options = _parser(words[0] if words else "").parse_args(words)
        code: int = options.run(options)
        sys.stdout.flush()
    except CliError as error:
        return _fail(str(error))
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in EXTRA:
            raise
        return _fail(f"this command needs {package}, which is not installed; run pip install 'intermodal[cli]'")
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader has closed the pipe, as in `intermodal logs scan | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _fail(text: str) -> int:
    print(f"error: {end_sentence(text)}", file=sys.stderr)
    return 1


def _parser(chosen: str) -> argparse.ArgumentParser:
    """Return a parser with the chosen command's arguments, and the names and help of all other commands."""
    parser = argparse.ArgumentParser(
        prog="intermodal", description=("Work with container functions from the command line.")
    )
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, text in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=text, description=f"{text[:1].upper()}{text[1:]}.")
        if name == chosen:
            command: Any = import_module(f"intermodal.cli.{name}")
            command.add_arguments(subparser)
            subparser.set_defaults(run=command.run)
    return parser
