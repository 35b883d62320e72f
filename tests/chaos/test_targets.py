"""Every target under SIGKILL, and every target given poison.

Whatever is killed, every message is handled, none is a dead letter, and duplicates are counted. Of poison, exactly the
poison becomes dead letters, each with its last known reason. The seed of a run is printed; CHAOS_SEED repeats it,
CHAOS_MESSAGES enlarges it.
"""

import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pytest

from bench.harness.load import Load
from bench.harness.stack import Stack
from local import processes
from local.cluster import Cluster
from local.docker.daemon import Docker
from tests.chaos import victims
from tests.chaos.reasons import Reasons
from tests.chaos.victims import Containers, Kill

TARGETS = ("lambda", "ecs", "kubernetes")
MESSAGES = int(os.environ.get("CHAOS_MESSAGES", "150"))
"""To each target."""

MORE_MESSAGES = 50
"""To one that has handled all of them before enough was killed."""

WORK_SECONDS = 0.3 if MESSAGES < 1000 else 0.05
TIMEOUT_SECONDS, LEASE_SECONDS = 8, 15
KILL_EVERY_SECONDS = (1.5, 7.0)
FEWEST_KILLS, MOST_KILLS = 3, max(8, MESSAGES // 40)
"""Of each target; without an end the last batch could be killed for ever."""

RECEIVES = 1000
"""Above any number of kills: a dead letter would be our fault."""

DEADLINE_SECONDS = 400 + MESSAGES * WORK_SECONDS * 3

POISONED, EVERY = 42, 7
POISON_RECEIVES, POISON_SECONDS = 2, 240.0
POISON_TIMEOUTS = {"lambda": 6, "ecs": 30, "kubernetes": 30}
"""Seconds. A run that is late on a busy machine has another reason than its poison, and takes its neighbours with it;
on Lambda a failed message comes back after six timeouts."""

LOG_SECONDS = 20.0
NAMED = {"Function.BatchItemFailure: named in batchItemFailures"}
REASONS = {"lambda": {"success"}, "ecs": NAMED, "kubernetes": NAMED}


@dataclass
class KillLoop:
    """One target whose parts are killed while its messages are at work."""

    load: Load
    kills: Mapping[str, Kill]
    killed: Counter[str] = field(default_factory=Counter)
    over: threading.Event = field(default_factory=threading.Event)
    """Every message is handled, none can come again, and there were kills enough, of each kind one at least."""

    @property
    def not_yet_killed(self) -> set[str]:
        """What was not hit yet."""
        return set(self.kills) - set(self.killed)

    def look(self) -> None:
        """See whether it is over; reading what ten thousand runs have said takes a while."""
        if self.load.left() or self.load.held():
            return
        if self.killed.total() < FEWEST_KILLS or self.not_yet_killed:  # too quick to prove anything
            self.load.send_all(["note"] * MORE_MESSAGES, WORK_SECONDS)
        else:
            self.over.set()

    def run(self, chance: random.Random) -> None:
        """Kill something that is there, now and then, until it is over."""
        while not self.over.wait(chance.uniform(*KILL_EVERY_SECONDS)) and self.killed.total() < MOST_KILLS:
            kinds = sorted(self.not_yet_killed or self.kills)  # each once, then any
            in_turn = chance.sample(kinds, len(kinds))
            if victim := next((word for word in in_turn if self.kills[word]()), None):
                self.killed[victim] += 1


def state(loops: Mapping[str, KillLoop]) -> dict[str, tuple[int, int]]:
    """What is not handled, and what is in the inbox."""
    return {target: (len(loop.load.left()), loop.load.held()) for target, loop in loops.items()}


@pytest.fixture(scope="module")
def loads(stack: Stack) -> Mapping[str, Load]:
    """Two functions on each target."""
    limits = {"timeout": TIMEOUT_SECONDS, "receives": RECEIVES}
    functions: dict[str, dict[str, Any]] = {f"killed-{target}": {"target": target, **limits} for target in TARGETS}
    functions |= {
        f"poison-{target}": {"target": target, "timeout": POISON_TIMEOUTS[target], "receives": POISON_RECEIVES}
        for target in TARGETS
    }
    stack.configure(functions, lease=LEASE_SECONDS)
    return stack.up()


@pytest.fixture
def kills(stack: Stack, docker: Docker, cluster: Cluster) -> Iterator[Mapping[str, Mapping[str, Kill]]]:
    """What each target offers to be killed."""
    with closing(docker.client()) as client:
        containers = Containers(client, stack.emulator)
        yield {
            "lambda": victims.of_lambda(containers),
            "ecs": victims.of_ecs(containers),
            "kubernetes": victims.of_kubernetes(cluster, stack.namespace),
        }


def test_nothing_is_lost_whatever_is_killed(loads: Mapping[str, Load], kills: Mapping[str, Mapping[str, Kill]]) -> None:
    seed = int(os.environ.get("CHAOS_SEED", str(time.time_ns() % 1_000_000)))
    loops = {target: KillLoop(loads[f"killed-{target}"], kills[target]) for target in TARGETS}
    for loop in loops.values():
        loop.load.send_all(["note"] * MESSAGES, WORK_SECONDS)
    deadline = time.monotonic() + DEADLINE_SECONDS
    with ThreadPoolExecutor() as attackers:
        attacks = [
            attackers.submit(loop.run, random.Random(seed + number))  # noqa: S311 - to repeat a run
            for number, loop in enumerate(loops.values())
        ]
        try:
            while open_ones := {target: loop for target, loop in loops.items() if not loop.over.is_set()}:
                assert time.monotonic() < deadline, f"seed {seed}: not handled and in the inbox: {state(open_ones)}"
                for loop in open_ones.values():
                    loop.look()
                time.sleep(0.1)
        finally:
            for loop in loops.values():
                loop.over.set()
    for attack in attacks:
        attack.result()

    for target, loop in loops.items():
        sent = len(loop.load.sent)
        again = loop.load.count("done") - sent
        print(f"\nseed {seed}, {target}: {sent} handled, {again} more than once, kills {dict(loop.killed)}")
    assert not any(loop.load.dead_letters() for loop in loops.values())
    assert all(loop.killed.total() >= FEWEST_KILLS for loop in loops.values()), "too short to prove anything"
    assert not any(loop.not_yet_killed for loop in loops.values())


@pytest.fixture(scope="module")
def poison(loads: Mapping[str, Load]) -> Mapping[str, set[str]]:
    """Ids of the poison by target; sent to all at once, because its end takes a while."""
    words = ["bad" if number % EVERY == 0 else "note" for number in range(POISONED)]
    sent = {target: loads[f"poison-{target}"].send_all(words, 0.01) for target in TARGETS}
    return {
        target: {name for name, word in zip(names, words, strict=True) if word == "bad"}
        for target, names in sent.items()
    }


@pytest.mark.parametrize("target", TARGETS)
def test_only_failing_messages_become_dead_letters(
    stack: Stack, loads: Mapping[str, Load], poison: Mapping[str, set[str]], target: str
) -> None:
    load, wanted = loads[f"poison-{target}"], poison[target]
    reasons, dead = Reasons(stack, f"poison-{target}", load.log_group()), list[dict[str, Any]]()

    def settled() -> bool:
        reasons.look()
        dead.extend(load.dead_letters())
        return load.left() == wanted and load.held() == 0 and len(dead) >= len(wanted)

    def explained() -> set[str]:
        reasons.look()
        if target == "lambda":  # the platform sees a run that succeeded; which message failed only the handler says
            return {reasons.statuses.get(reasons.runs.get(name, ""), "") for name in wanted}
        return {reasons.by_message(each["MessageId"]) for each in dead}

    assert processes.poll(settled, POISON_SECONDS), f"{load.held()} in the inbox, {len(dead)} dead letters"
    assert {json.loads(each["Body"])["id"] for each in dead} == wanted
    assert len(dead) == len(wanted)
    assert processes.poll(lambda: explained() == REASONS[target], LOG_SECONDS), explained()
