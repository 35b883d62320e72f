"""`intermodal schema`: print the JSON schema for stack files, for editors."""

import argparse
import json
import sys
from pathlib import Path

from intermodal.problems.errors import CliError
from intermodal.stack.schema import build_schema


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--output", type=Path, metavar="FILE", help="write to this file")


def run(options: argparse.Namespace) -> int:
    """Print the schema, or write it to a file."""
    text = render_schema()
    if options.output is None:
        sys.stdout.write(text)
        return 0
    try:
        options.output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CliError(
            f"{options.output} cannot be written: {error.strerror}; choose another path with --output"
        ) from error
    return 0


def render_schema() -> str:
    """Return the schema as indented JSON; the output is deterministic."""
    return json.dumps(build_schema(), indent=2, ensure_ascii=False) + "\n"
