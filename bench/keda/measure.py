"""Measure how many Jobs KEDA starts per message with the two consistent counting strategies.

`default` subtracts running Jobs from the messages, so the trigger must also count messages in flight. `accurate`
subtracts only pending Jobs, so the trigger must count only visible messages (KEDA documentation, "Scaling Jobs").
Each strategy is measured in four situations. Every Job receives one message, so the correct number of Jobs is known.
Decision 10 is based on these results.
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
    """Send six messages with short work; return how many Jobs were unnecessary."""
    on.send(6)
    on.wait_until_drained()
    return on.jobs() - 6


def _long(on: QueueProbe) -> int:
    """Send four messages with long work, then three more; return how many Jobs were unnecessary."""
    on.send(4)
    wait_until(lambda: len(on.namespace.jobs()) >= 4, "four Jobs")
    time.sleep(LATER_SECONDS)
    on.send(3)
    wait_until(lambda: len(on.namespace.jobs()) >= 7, "three more Jobs, while the others are still working")
    on.wait_until_drained()
    return on.jobs() - 7


def _hold_four(on: QueueProbe) -> None:
    """Send four messages and keep them in flight in another consumer, as Lambda does while a lane moves."""
    on.send(4)
    held = 0
    while held < 4:
        answer = on.sqs.receive_message(QueueUrl=on.url, MaxNumberOfMessages=10, VisibilityTimeout=600)
        held += len(answer.get("Messages", []))


SITUATIONS: Mapping[str, Situation] = {
    "short work": Situation(act=_six),
    "more messages during long work": Situation(act=_long, seconds=LONG_SECONDS),
    "room for 2 of 6 pods": Situation(act=_six, pods=2),
    "messages held elsewhere": Situation(act=QueueProbe.jobs, before=_hold_four),
}


def measure() -> Sequence[Figure]:
    """Return the unnecessary Jobs (beyond one per message) for each situation and strategy."""
    with machinery() as on:
        image = loaded_image(on)
        return [
            Figure(name=f"{title}; {pair}: surplus Jobs", value=too_many(on, image, pair, situation))
            for title, situation in SITUATIONS.items()
            for pair in PAIRS
        ]


def loaded_image(on: Machinery) -> str:
    """Load an image that contains boto3 into the cluster, and return its reference."""
    with closing(on.docker.client()) as docker:
        (image,) = images.ensure(docker, [IMAGE])
    on.cluster.load_image(image)
    return image


def too_many(on: Machinery, image: str, pair: str, situation: Situation) -> int:
    """Return how many unnecessary Jobs KEDA starts in one situation."""
    with prepare_probe(on, image, PAIRS[pair], situation) as made:
        return situation.act(made)
