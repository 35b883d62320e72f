"""Run forwarders: `python -m local.forwarding LISTEN TO …`, where each address is `[NAMESPACE@]HOST:PORT`.

The process prints the address of every open forwarder and runs until SIGTERM.
"""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence

from local.advice import LocalError
from local.forwarding.address import Address
from local.forwarding.forwarder import open_forwarder


def main() -> int:
    """Open the forwarders specified on the command line and run until SIGTERM."""
    parser = argparse.ArgumentParser(prog="local.forwarding", description=__doc__)
    parser.add_argument("addresses", nargs="+", metavar="LISTEN TO", help="[NAMESPACE@]HOST:PORT, in pairs")
    texts = parser.parse_args().addresses
    if len(texts) % 2:
        parser.error(f"each LISTEN needs a TO, got {len(texts)} addresses; pass them in pairs")
    try:
        addresses = [Address.parse(text) for text in texts]
        asyncio.run(_serve(list(zip(addresses[::2], addresses[1::2], strict=True))))
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


async def _serve(pairs: Sequence[tuple[Address, Address]]) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    forwarders = [await open_forwarder(listen, to) for listen, to in pairs]
    for forwarder in forwarders:
        print(forwarder.listen, flush=True)
    await ended.wait()
    for forwarder in forwarders:
        await forwarder.close()


if __name__ == "__main__":
    sys.exit(main())
