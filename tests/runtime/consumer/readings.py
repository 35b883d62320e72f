"""Scripted readings of a usage source."""

import itertools

from intermodal_runtime.consumer.usage import Reading


class Script:
    """Readings in a row; the last one repeats."""

    def __init__(self, *readings: Reading | None, every_seconds: float = 0.0) -> None:
        self._readings = itertools.chain(readings, itertools.repeat(readings[-1]))
        self.every_seconds = every_seconds

    async def read(self) -> Reading | None:
        return next(self._readings)
