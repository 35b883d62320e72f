"""Generate unique event IDs without reading random bytes three times per event."""

import itertools
import os
import time


class Ids:
    """ID generator that combines a counter with random digits, which are generated once per server.

    The UUIDs have version 8 (RFC 9562, custom).
    """

    def __init__(self) -> None:
        self._count = itertools.count(int.from_bytes(os.urandom(3)))
        self._request, self._invocation = _tail(), _tail()
        self._trace = os.urandom(8).hex() + ";Sampled=0"

    def next_ids(self) -> tuple[str, str, str]:
        """Return a request ID, an invocation ID and an unsampled X-Ray trace header.

        Some clients require the trace header (AWS docs, xray-concepts-tracingheader).
        """
        number = f"{next(self._count):08x}"
        trace_id = f"Root=1-{int(time.time()):08x}-{number}{self._trace}"
        return number + self._request, number + self._invocation, trace_id


def _tail() -> str:
    digits = os.urandom(11).hex()
    return f"-{digits[:4]}-8{digits[4:7]}-8{digits[7:10]}-{digits[10:]}"
