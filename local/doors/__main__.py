"""Doors as a process: `python -m local.doors LISTEN TO …`, each place written `[NAMESPACE@]HOST:PORT`.

It prints the place of every open door and serves until SIGTERM.
"""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence

from local.advice import LocalError
from local.doors.door import open_door
from local.doors.place import Place


def main() -> int:
    """Open the doors that the command line names and keep them open."""
    parser = argparse.ArgumentParser(prog="local.doors", description=__doc__)
    parser.add_argument("places", nargs="+", metavar="LISTEN TO", help="[NAMESPACE@]HOST:PORT, in pairs")
    texts = parser.parse_args().places
    if len(texts) % 2:
        parser.error("each LISTEN needs its TO")
    try:
        places = [Place.parse(text) for text in texts]
        asyncio.run(_serve(list(zip(places[::2], places[1::2], strict=True))))
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


async def _serve(pairs: Sequence[tuple[Place, Place]]) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    doors = [await open_door(listen, to) for listen, to in pairs]
    for door in doors:
        print(door.listen, flush=True)
    await ended.wait()
    for door in doors:
        await door.close()


if __name__ == "__main__":
    sys.exit(main())
