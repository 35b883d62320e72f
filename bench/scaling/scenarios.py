"""Generate scenarios, which contain the messages of one day."""

from collections.abc import Mapping
from random import Random

from bench.scaling.model import DAY, World
from bench.scaling.queue import Message

HOUR = 3600.0


def every(seconds: float, work: float, start: float = 0.0, end: float = DAY) -> list[Message]:
    """Return one message per interval, each at a random time in its interval."""
    moment = Random(int(seconds))  # noqa: S311 - results must be reproducible
    return [Message(start + (n + moment.random()) * seconds, work) for n in range(int((end - start) / seconds))]


def burst(at: float, count: int, work: float) -> list[Message]:
    """Return `count` messages that arrive at the same time."""
    return [Message(at, work) for _ in range(count)]


def ordered(*parts: list[Message]) -> list[Message]:
    """Return all messages in order of arrival."""
    return sorted((message for part in parts for message in part), key=lambda message: message.arrives)


SCENARIOS: Mapping[str, World] = {
    "nothing": World(messages=[]),
    "one message a minute, 2 s": World(messages=every(60, 2)),
    "ten messages a minute, 2 s": World(messages=every(6, 2)),
    "bursts of 500 every two hours, 2 s": World(
        messages=ordered(*[burst(hour * HOUR, 500, 2) for hour in range(0, 24, 2)])
    ),
    "six messages, two hours each": World(messages=[Message(hour * HOUR + 100, 2 * HOUR) for hour in range(0, 24, 4)]),
    "2,000 at once, then one a minute, 2 s": World(
        messages=ordered(burst(HOUR, 2000, 2), every(60, 2, start=2 * HOUR))
    ),
    "one message after eight silent hours": World(messages=burst(8 * HOUR, 1, 2)),
}
"""One-day scenarios by title."""
