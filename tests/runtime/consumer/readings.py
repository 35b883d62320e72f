"""Provide a usage source with scripted readings."""

import itertools

from intermodal_runtime.consumer.usage import Reading


class Script:
    """A usage source that returns readings in order and repeats the last one."""

    def __init__(self, *readings: Reading | None, every_seconds: float = 0.0) -> None:
        self._readings = itertools.chain(readings, itertools.repeat(readings[-1]))
        self.every_seconds = every_seconds

    async def read(self) -> Reading | None:
        return next(self._readings)
