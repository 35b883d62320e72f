"""Every target under SIGKILL: every message is handled, none is a dead letter, duplicates are counted.

The seed of a run is printed; CHAOS_SEED repeats it, CHAOS_MESSAGES enlarges it.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing

import pytest

from local.cluster import Cluster
from local.docker.daemon import Docker
from tests.chaos import victims
from tests.chaos.conftest import Moving
from tests.chaos.victims import Containers, Kill

MESSAGES = int(os.environ.get("CHAOS_MESSAGES", "300"))
WORK_SECONDS = 0.4
TIMEOUT_SECONDS, LEASE_SECONDS = 8, 15
KILL_EVERY_SECONDS = (2.0, 5.0)
RECEIVES = 1000
"""Above any number of kills: a dead letter would be our fault."""

DEADLINE_SECONDS = 180 + MESSAGES * WORK_SECONDS * 3


@pytest.fixture
def kills(
    request: pytest.FixtureRequest, moving: Moving, docker: Docker, cluster: Cluster
) -> Iterator[Mapping[str, Kill]]:
    """What the target offers to be killed."""
    with closing(docker.client()) as client:
        containers = Containers(client, moving.emulator)
        yield {
            "lambda": lambda: victims.of_lambda(containers),
            "ecs": lambda: victims.of_ecs(containers),
            "kubernetes": lambda: victims.of_kubernetes(cluster, moving.namespace),
        }[request.param]()


@pytest.mark.parametrize(
    ("target", "kills"), [(word, word) for word in ("lambda", "ecs", "kubernetes")], indirect=["kills"]
)
def test_nothing_is_lost_whatever_is_killed(moving: Moving, target: str, kills: Mapping[str, Kill]) -> None:
    seed = int(os.environ.get("CHAOS_SEED", str(time.time_ns() % 1_000_000)))
    chance = random.Random(seed)  # noqa: S311 - to repeat a run, not to keep a secret
    moving.configure(target, timeout=TIMEOUT_SECONDS, lease=LEASE_SECONDS, receives=RECEIVES)
    load = moving.up()
    load.send_all(["note"] * MESSAGES, WORK_SECONDS)

    killed: Counter[str] = Counter()
    deadline, next_kill = time.monotonic() + DEADLINE_SECONDS, 0.0
    while load.left() or load.held():
        assert time.monotonic() < deadline, f"seed {seed}: {len(load.left())} not handled, {load.held()} in the inbox"
        if load.left() and time.monotonic() >= next_kill:
            victims_in_turn = chance.sample(sorted(kills), len(kills))
            if victim := next((word for word in victims_in_turn if kills[word]()), None):
                killed[victim] += 1
            next_kill = time.monotonic() + chance.uniform(*KILL_EVERY_SECONDS)
        time.sleep(0.1)

    again = load.count("done") - len(load.sent)
    print(f"\n{target}, seed {seed}: {MESSAGES} handled, {again} more than once, kills {dict(killed)}")
    assert load.dead_letters() == []
    assert sum(killed.values()) >= 3, "too short a run to prove anything"
