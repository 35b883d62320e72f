"""Kill adapter and app with SIGKILL: every message is handled, there are no dead letters, duplicates are counted."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.harness.ports import free_port
from intermodal_runtime import FunctionContext, environment
from tests.processes.conftest import sqs
from tests.processes.sqs import KEYS, Sqs
from tests.runtime.harness import HANDLERS

__all__ = ["sqs"]

MESSAGES = int(os.environ.get("CHAOS_MESSAGES", "1000"))
KILL_EVERY_SECONDS = (0.5, 3.0)
RECEIVES = 1000
"""More receives than kills are possible: a dead letter would be the adapter's fault."""

DEADLINE_SECONDS = 60 + MESSAGES / 20


class Pair:
    """Adapter and app, restarted whenever they exit, as ECS and the kubelet do."""

    def __init__(self, sqs: Sqs, queue: tuple[str, str], folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.out = folder / "out"
        self._base = {
            "PATH": os.environ["PATH"],
            "AWS_ENDPOINT_URL": sqs.endpoint,
            "INTERMODAL_PORT": str(self.port),
            **KEYS,
        }
        options = ["--queue-url", queue[0], "--queue-arn", queue[1], "--function", "scan", "--timeout-seconds", "20"]
        options += ["--lease-seconds", "3", "--retry-seconds", "1", "--poll-seconds", "2"]
        self._adapter = [sys.executable, "-m", "intermodal_runtime", "adapter", *options]
        self._app = [sys.executable, "-m", "awslambdaric", "inbox.write"]
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def restart_ended(self) -> None:
        """Start each process that is not running; the app starts only behind its gate."""
        adapter = self.processes.get("adapter")
        if adapter is None or adapter.poll() is not None:
            log = (self.folder / "adapter.log").open("ab")
            with log:
                self.processes["adapter"] = subprocess.Popen(self._adapter, env=self._base, stdout=log, stderr=log)
        app = self.processes.get("app")
        if app is None or app.poll() is not None:
            gate = [sys.executable, "-m", "intermodal_runtime", "gate", "10"]
            if subprocess.run(gate, env=self._base, check=False, stderr=subprocess.DEVNULL).returncode:
                return
            context = environment(FunctionContext(name="scan"), f"127.0.0.1:{self.port}")
            seen = self._base | context | {"PYTHONPATH": str(HANDLERS), "OUT": str(self.out)}
            quiet = subprocess.DEVNULL
            self.processes["app"] = subprocess.Popen(self._app, env=seen, stdout=quiet, stderr=quiet)

    def count_handled(self) -> Counter[str]:
        """Return how often each body was handled."""
        return Counter(self.out.read_text().splitlines() if self.out.exists() else [])

    def close(self) -> None:
        """Kill both processes."""
        for process in self.processes.values():
            process.kill()
            process.wait(10)


@pytest.fixture
def pair(sqs: Sqs, tmp_path: Path) -> Iterator[Pair]:
    """Return the two processes with a queue and its dead-letter queue."""
    _, dead = sqs.queue("chaos-dead")
    redrive = f'{{"deadLetterTargetArn": "{dead}", "maxReceiveCount": "{RECEIVES}"}}'
    made = Pair(sqs, sqs.queue("chaos", VisibilityTimeout="120", RedrivePolicy=redrive), tmp_path)
    yield made
    made.close()


def test_no_message_is_lost_when_adapter_and_app_are_killed(sqs: Sqs, pair: Pair) -> None:
    seed = int(os.environ.get("CHAOS_SEED", str(time.time_ns() % 1_000_000)))
    chance = random.Random(seed)  # noqa: S311 - to repeat a run, not to keep a secret
    url = sqs.client.get_queue_url(QueueName="chaos")["QueueUrl"]
    wanted = {f"slow 0.004 {number}" for number in range(MESSAGES)}
    bodies = sorted(wanted)
    for start in range(0, MESSAGES, 10):
        entries = [{"Id": str(at), "MessageBody": body} for at, body in enumerate(bodies[start : start + 10])]
        sqs.client.send_message_batch(QueueUrl=url, Entries=entries)  # type: ignore[arg-type]

    kills: Counter[str] = Counter()
    deadline = time.monotonic() + DEADLINE_SECONDS
    next_kill = time.monotonic() + 2
    while not wanted <= pair.count_handled().keys() or sqs.counts(url) != (0, 0):
        assert time.monotonic() < deadline, f"seed {seed}: {len(wanted - pair.count_handled().keys())} are not handled"
        pair.restart_ended()
        if time.monotonic() >= next_kill:
            victim = chance.choice(sorted(pair.processes))
            pair.processes[victim].kill()
            pair.processes[victim].wait(10)
            kills[victim] += 1
            next_kill = time.monotonic() + chance.uniform(*KILL_EVERY_SECONDS)
        time.sleep(0.02)

    times = pair.count_handled()
    duplicates = sum(count - 1 for count in times.values())
    print(f"\nseed {seed}: {MESSAGES} handled, {duplicates} more than once, kills {dict(kills)}")
    dead = sqs.client.get_queue_url(QueueName="chaos-dead")["QueueUrl"]
    assert sqs.counts(dead) == (0, 0)
    assert times.keys() == wanted
    assert sum(kills.values()) >= 2, "there were too few kills to prove anything"
