"""`intermodal run`: run one event on a function's target with the function's role, bypassing its inbox."""

import argparse
import json
from pathlib import Path

from intermodal.cli import input_file
from intermodal.deployed import stack as deployed
from intermodal.limits import Target
from intermodal.problems.errors import CliError
from intermodal.targets.registry import load_runner


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("name", metavar="NAME", help="function name")
    parser.add_argument(
        "--event", required=True, metavar="FILE", help="file that contains the event as JSON; - for standard input"
    )
    parser.add_argument(
        "--lane",
        metavar="LANE",
        help="lane that runs the event, required if the function has several; default: its only lane",
    )
    parser.add_argument("--stack", metavar="STACK", help="stack name; default: the selected stack")
    parser.add_argument("--cwd", type=Path, default=Path(), metavar="DIR", help="folder in the Pulumi project")


def run(options: argparse.Namespace) -> int:
    """Run the event and print the response; return 1 if the function returned an error."""
    event = read_event(options.event)
    function = deployed.find_function(options.name, stack=options.stack, folder=options.cwd)
    lane = deployed.find_lane(function, options.lane)
    if lane.target not in {target.value for target in Target}:
        raise CliError(f"target {lane.target} requires a newer version of intermodal; upgrade the package")
    answer = load_runner(Target(lane.target)).run(lane, event)
    print(json.dumps(answer.payload, ensure_ascii=False))
    return 0 if answer.ok else 1


def read_event(file: str) -> str:
    """Return the content of a JSON file.

    Raises:
        CliError: The file cannot be read or is not JSON.
    """
    try:
        text = input_file.read_bytes(file).decode()
        json.loads(text)
    except ValueError as error:
        raise CliError(f"{input_file.display_name(file)} is not JSON: {error}; pass the event as JSON") from error
    return text
