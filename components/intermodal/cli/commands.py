"""The doors of the command, one module each: `arguments` says what it takes, `run` does it."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from intermodal.cli import logs, run, schema, send, validate
from intermodal.cli.advice import CliError, sentence

DOORS = {"send": send, "run": run, "logs": logs, "validate": validate, "schema": schema}
INTERRUPTED = 130
"""What a shell says of a program that Ctrl-C ended."""


def main(given: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0, 1 with a sentence that says what to do, or 2 for a wrong usage."""
    arguments = _parser().parse_args(given)
    door: Callable[[argparse.Namespace], int] = arguments.run
    try:
        code = door(arguments)
        sys.stdout.flush()
    except CliError as error:
        print(f"error: {sentence(str(error))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # `intermodal logs scan | head`: nobody listens any more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="intermodal", description="Container functions from the command line.")
    doors = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, door in DOORS.items():
        one = doors.add_parser(name, help=door.HELP, description=f"{door.HELP[:1].upper()}{door.HELP[1:]}.")
        door.arguments(one)
        one.set_defaults(run=door.run)
    return parser
