"""`intermodal schema`: what an editor needs to complete and check a stack file."""

import argparse
import json
import sys
from pathlib import Path

from intermodal.problems.errors import CliError
from intermodal.stack.schema import schema


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--output", type=Path, metavar="FILE", help="write it there instead")


def run(given: argparse.Namespace) -> int:
    """Print or write the schema."""
    text = rendered()
    if given.output is None:
        sys.stdout.write(text)
        return 0
    try:
        given.output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CliError(f"{given.output} cannot be written: {error.strerror}; give another --output") from error
    return 0


def rendered() -> str:
    """The schema as text, the same each time."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
