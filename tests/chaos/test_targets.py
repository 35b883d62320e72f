"""Test SIGKILL and failing messages on every target.

Whatever is killed, every message is handled, there are no dead letters, and duplicates are counted. Failing
messages, and no others, become dead letters, each with its last reason. Each run prints its seed; CHAOS_SEED repeats
a run, CHAOS_MESSAGES raises the number of messages.
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
"""Number of messages to each target."""

MORE_MESSAGES = 50
"""Number of extra messages to a target that handled all others before it was killed often enough."""

WORK_SECONDS = 0.3 if MESSAGES < 1000 else 0.05
TIMEOUT_SECONDS, LEASE_SECONDS = 12, 15
MOST_RUNS = 3
"""Concurrent runs per target: more of them starve each other on two cores, until every run times out."""

KILL_EVERY_SECONDS = (1.5, 7.0)
FEWEST_KILLS, MOST_KILLS = 3, max(8, MESSAGES // 40)
"""Kills per target; without a maximum, the last batch could be killed forever."""

RECEIVES = 1000
"""More receives than kills are possible: a dead letter would be our fault."""

DEADLINE_SECONDS = 400 + MESSAGES * WORK_SECONDS * 3

MIXED_MESSAGES, FAIL_EVERY = 42, 7
FAILING_RECEIVES, FAILING_SECONDS = 2, 240.0
FAILING_TIMEOUTS = {"lambda": 6, "ecs": 30, "kubernetes": 30}
"""Timeouts in seconds. On ECS and Kubernetes they are long: a late run on a busy machine fails for another reason and
takes its batch with it. On Lambda a failed message returns only after six times the timeout.
"""

LOG_SECONDS = 20.0
ITEM_FAILURE = {"Function.BatchItemFailure: listed in batchItemFailures"}
REASONS = {"lambda": {"success"}, "ecs": ITEM_FAILURE, "kubernetes": ITEM_FAILURE}


@dataclass
class KillLoop:
    """Kills parts of one target while its messages are in flight."""

    load: Load
    kills: Mapping[str, Kill]
    killed: Counter[str] = field(default_factory=Counter)
    finished: threading.Event = field(default_factory=threading.Event)
    """Set once all messages are handled, none can return, and each kind was killed often enough."""

    @property
    def not_yet_killed(self) -> set[str]:
        """Kinds that have not been killed yet."""
        return set(self.kills) - set(self.killed)

    def check_progress(self) -> None:
        """Check whether the run is over; reading the lines of ten thousand runs takes a while."""
        if self.load.left() or self.load.held():
            return
        if self.killed.total() < FEWEST_KILLS or self.not_yet_killed:  # it was too fast to prove anything
            self.load.send_all(["note"] * MORE_MESSAGES, WORK_SECONDS)
        else:
            self.finished.set()

    def run(self, chance: random.Random) -> None:
        """Kill something that is running, at random intervals, until the run is over."""
        while not self.finished.wait(chance.uniform(*KILL_EVERY_SECONDS)) and self.killed.total() < MOST_KILLS:
            kinds = sorted(self.not_yet_killed or self.kills)  # each kind once, then any
            in_turn = chance.sample(kinds, len(kinds))
            if victim := next((kind for kind in in_turn if self.kills[kind]()), None):
                self.killed[victim] += 1


def state(loops: Mapping[str, KillLoop]) -> dict[str, tuple[int, int]]:
    """Return the unhandled messages and the message counts of the inbox."""
    return {target: (len(loop.load.left()), loop.load.held()) for target, loop in loops.items()}


@pytest.fixture(scope="module")
def loads(stack: Stack) -> Mapping[str, Load]:
    """Deploy two functions on each target."""
    limits = {"timeout": TIMEOUT_SECONDS, "receives": RECEIVES}
    functions: dict[str, dict[str, Any]] = {
        f"killed-{target}": {"target": target, "most": MOST_RUNS, **limits} for target in TARGETS
    }
    failing = {"receives": FAILING_RECEIVES, "most": MOST_RUNS}
    functions |= {
        f"poison-{target}": {"target": target, "timeout": FAILING_TIMEOUTS[target], **failing} for target in TARGETS
    }
    stack.configure(functions, lease=LEASE_SECONDS)
    return stack.up()


@pytest.fixture
def kills(stack: Stack, docker: Docker, cluster: Cluster) -> Iterator[Mapping[str, Mapping[str, Kill]]]:
    """Return the kill functions of each target."""
    with closing(docker.client()) as client:
        containers = Containers(client, stack.emulator)
        yield {
            "lambda": victims.lambda_kills(containers),
            "ecs": victims.ecs_kills(containers),
            "kubernetes": victims.kubernetes_kills(cluster, stack.namespace),
        }


def test_no_message_is_lost_when_anything_is_killed(
    loads: Mapping[str, Load], kills: Mapping[str, Mapping[str, Kill]]
) -> None:
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
            while open_ones := {target: loop for target, loop in loops.items() if not loop.finished.is_set()}:
                assert time.monotonic() < deadline, f"seed {seed}: unhandled, and in the inbox: {state(open_ones)}"
                for loop in open_ones.values():
                    loop.check_progress()
                time.sleep(0.1)
        finally:
            for loop in loops.values():
                loop.finished.set()
    for attack in attacks:
        attack.result()

    for target, loop in loops.items():
        sent = len(loop.load.sent)
        again = loop.load.count("done") - sent
        print(f"\nseed {seed}, {target}: {sent} handled, {again} more than once, kills {dict(loop.killed)}")
    assert not any(loop.load.dead_letters() for loop in loops.values())
    assert all(loop.killed.total() >= FEWEST_KILLS for loop in loops.values()), "it was too short to prove anything"
    assert not any(loop.not_yet_killed for loop in loops.values())


@pytest.fixture(scope="module")
def failing_messages(loads: Mapping[str, Load]) -> Mapping[str, set[str]]:
    """Send failing messages to all targets at once, because they take long to fail; return their ids by target."""
    kinds = ["bad" if number % FAIL_EVERY == 0 else "note" for number in range(MIXED_MESSAGES)]
    sent = {target: loads[f"poison-{target}"].send_all(kinds, 0.01) for target in TARGETS}
    return {
        target: {name for name, kind in zip(names, kinds, strict=True) if kind == "bad"}
        for target, names in sent.items()
    }


@pytest.mark.parametrize("target", TARGETS)
def test_only_failing_messages_become_dead_letters(
    stack: Stack, loads: Mapping[str, Load], failing_messages: Mapping[str, set[str]], target: str
) -> None:
    load, wanted = loads[f"poison-{target}"], failing_messages[target]
    reasons, dead = Reasons(stack, f"poison-{target}", load.log_group()), list[dict[str, Any]]()

    def is_settled() -> bool:
        reasons.refresh()
        dead.extend(load.dead_letters())
        return load.left() == wanted and load.held() == 0 and len(dead) >= len(wanted)

    def logged_reasons() -> set[str]:
        reasons.refresh()
        if target == "lambda":  # the platform reports a successful run; only the handler logs which message failed
            return {reasons.statuses.get(reasons.runs.get(name, ""), "") for name in wanted}
        return {reasons.reason_of(each["MessageId"]) for each in dead}

    assert processes.poll(is_settled, FAILING_SECONDS), f"{load.held()} in the inbox, {len(dead)} dead letters"
    assert {json.loads(each["Body"])["id"] for each in dead} == wanted
    assert len(dead) == len(wanted)
    assert processes.poll(lambda: logged_reasons() == REASONS[target], LOG_SECONDS), logged_reasons()
