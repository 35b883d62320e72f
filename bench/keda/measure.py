"""How many Jobs KEDA starts for a number of messages, by the two ways of counting that agree with themselves.

`default` subtracts running Jobs from the messages, so the trigger has to count what they hold; `accurate` subtracts
only pending ones, so it has to count what is visible (KEDA documentation, "Scaling Jobs"). Each is put in four
situations, and every Job takes one message, so there is a right number. Decision 10 stands on the figures.
"""

import time
from collections.abc import Mapping, Sequence
from contextlib import closing

from bench.figures import Figure
from bench.keda.probe import QueueProbe, Situation, prepare_probe, wait_until
from bench.machinery import Machinery, machinery
from local.docker import images

PAIRS: Mapping[str, Mapping[str, str]] = {
    "default, in flight": {"strategy": "default", "scaleOnInFlight": "true"},
    "accurate, visible": {"strategy": "accurate", "scaleOnInFlight": "false"},
}
LONG_SECONDS, LATER_SECONDS = 30, 15
IMAGE = "examples/thumbnails"


def _six(on: QueueProbe) -> int:
    """Six messages, short work."""
    on.send(6)
    on.wait_until_drained()
    return on.jobs() - 6


def _long(on: QueueProbe) -> int:
    """Four messages of long work, and three more while all four are at work."""
    on.send(4)
    wait_until(lambda: len(on.namespace.jobs()) >= 4, "four Jobs")
    time.sleep(LATER_SECONDS)
    on.send(3)
    wait_until(lambda: len(on.namespace.jobs()) >= 7, "three Jobs more, while the others still work")
    on.wait_until_drained()
    return on.jobs() - 7


def _hold_four(on: QueueProbe) -> None:
    """Four messages that somebody else holds, as Lambda does while a lane moves."""
    on.send(4)
    held = 0
    while held < 4:
        answer = on.sqs.receive_message(QueueUrl=on.url, MaxNumberOfMessages=10, VisibilityTimeout=600)
        held += len(answer.get("Messages", []))


SITUATIONS: Mapping[str, Situation] = {
    "short work": Situation(act=_six),
    "more messages under long work": Situation(act=_long, seconds=LONG_SECONDS),
    "room for 2 pods of 6": Situation(act=_six, pods=2),
    "messages held elsewhere": Situation(act=QueueProbe.jobs, before=_hold_four),
}


def measure() -> Sequence[Figure]:
    """Jobs beyond one for each message."""
    with machinery() as on:
        image = loaded_image(on)
        return [
            Figure(name=f"{word}; {pair}: Jobs too many", value=too_many(on, image, pair, situation))
            for word, situation in SITUATIONS.items()
            for pair in PAIRS
        ]


def loaded_image(on: Machinery) -> str:
    """One with the SDK, where pods find it."""
    with closing(on.docker.client()) as docker:
        (image,) = images.ensure(docker, [IMAGE])
    on.cluster.load_image(image)
    return image


def too_many(on: Machinery, image: str, pair: str, situation: Situation) -> int:
    """Jobs beyond one for each message, in one situation."""
    with prepare_probe(on, image, PAIRS[pair], situation) as made:
        return situation.act(made)
