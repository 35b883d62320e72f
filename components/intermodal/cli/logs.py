"""`intermodal logs`: print or follow a function's log."""

import argparse
import re
import sys
import time
from pathlib import Path

from intermodal.cli.lines import format_event
from intermodal.cli.tail import Tail, now_ms
from intermodal.deployed import session as aws
from intermodal.deployed import stack as deployed

SPAN = re.compile(r"(\d+)([smhd])")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 24 * 3600}
PAUSE_SECONDS = 1
"""Pause between polls. FilterLogEvents allows 5 requests per second per account and Region (CloudWatch Logs quotas)."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("name", metavar="NAME", help="function name")
    parser.add_argument("-f", "--follow", action="store_true", help="follow the log until Ctrl-C")
    parser.add_argument(
        "--since",
        type=parse_span,
        default="10m",
        metavar="SPAN",
        help="how far to look back, such as 30s, 10m, 2h or 1d; default: %(default)s",
    )
    parser.add_argument("--stack", metavar="STACK", help="stack name; default: the selected stack")
    parser.add_argument("--cwd", type=Path, default=Path(), metavar="DIR", help="folder in the Pulumi project")


def parse_span(options: str) -> int:
    """Convert a span such as `10m` to seconds.

    Raises:
        argparse.ArgumentTypeError: The span is not a number with a unit.
    """
    found = SPAN.fullmatch(options)
    if found is None:
        raise argparse.ArgumentTypeError(f"must be a number followed by s, m, h or d, such as 10m, got {options!r}")
    return int(found.group(1)) * SECONDS[found.group(2)]


def run(options: argparse.Namespace) -> int:
    """Print the recent log lines; with `--follow`, also print new lines until Ctrl-C, then return 0."""
    try:
        _print(options)
    except KeyboardInterrupt:
        if not options.follow:
            raise
    return 0


def _print(options: argparse.Namespace) -> None:
    since = now_ms() - options.since * 1000
    function = deployed.find_function(options.name, stack=options.stack, folder=options.cwd)
    with aws.open_session(function) as session:
        tail = Tail(session.client("logs"), function.log_group_name, since)
        if not _show(tail) and not options.follow:
            print(
                f"no lines in the last {options.since} s; use --since, such as --since 1d, to look further back",
                file=sys.stderr,
            )
        while options.follow:
            time.sleep(PAUSE_SECONDS)
            _show(tail)


def _show(tail: Tail) -> int:
    events = tail.fetch_new()
    for event in events:
        print(format_event(event), flush=True)
    return len(events)
