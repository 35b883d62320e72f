"""Change a function's target under load: no message is lost, and no work in flight is killed.

The platform is in its own stack, as with a platform team, and the function's stack uses it.
CHAOS_FLIPS and CHAOS_LONG_SECONDS raise the load.
"""

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bench.harness.stack import Stack, undeployed
from local import processes
from local.aws.settings import Emulator
from local.cluster import Cluster
from local.docker.daemon import Docker
from local.engine.workspace import Workspace
from tests.engine.transitions.stack import STATEFUL

TARGETS = ("ecs", "kubernetes", "lambda")
"""Sequence of targets, repeated, starting from Lambda."""

FLIPS = int(os.environ.get("CHAOS_FLIPS", str(len(TARGETS))))
WORK_SECONDS, SEND_EVERY_SECONDS = 1.0, 0.5
MOST_RUNS = 4
"""Concurrent runs: twice what the load needs, so that two cores are enough for their cold starts."""

LONG_SECONDS = float(os.environ.get("CHAOS_LONG_SECONDS", "15"))
"""Duration of the work that is in flight during every change."""

TIMEOUT_SECONDS = int(LONG_SECONDS) + 45
"""Timeout that is long enough for a batch with one long message."""

START_SECONDS = 120.0
DRAIN_SECONDS = LONG_SECONDS + 180.0
SETTLE_SECONDS = 6 * TIMEOUT_SECONDS + 60.0
"""Messages in flight on Lambda when it is removed may return only after six times the timeout."""


@pytest.fixture
def stack(
    workspace: Workspace, emulator: Emulator, docker: Docker, cluster: Cluster, tmp_path: Path
) -> Iterator[Stack]:
    """Return a stack with functions on an existing platform; destroy it at the end."""
    with undeployed(workspace, emulator, docker, cluster, tmp_path / "program", apart=True) as made:
        yield made


def function_arguments(target: str, **more: bool) -> dict[str, object]:
    """Return the function's arguments; the library drains a busy service before deletion by default."""
    return {"target": target, "timeout": TIMEOUT_SECONDS, "drain": True, "most": MOST_RUNS, **more}


def drain(stack: Stack) -> None:
    """Pause the lane on ECS and wait until no task is running; on AWS, tasks may not outlive their service."""
    stack.configure({"moving": function_arguments("ecs", paused=True)})
    stack.project.up()
    (service,) = [each for each in stack.project.resources() if each["type"] == "aws:ecs/service:Service"]
    where = {"cluster": service["outputs"]["cluster"], "services": [service["outputs"]["name"]]}

    def empty() -> bool:
        found = stack.client("ecs").describe_services(**where)["services"][0]
        return bool(found["desiredCount"] == found["runningCount"] == found["pendingCount"] == 0)

    assert processes.poll(empty, DRAIN_SECONDS), "tasks in a paused lane are still running"


def test_changing_target_loses_nothing_and_kills_no_work(stack: Stack) -> None:
    stack.configure({"moving": function_arguments("lambda")})
    load = stack.up()["moving"]
    with load.running(WORK_SECONDS, SEND_EVERY_SECONDS):
        for flip in range(FLIPS):
            name = load.send("work", LONG_SECONDS)
            assert processes.poll(partial(load.under_way, name), START_SECONDS), f"{name} did not start"
            if flip and TARGETS[(flip - 1) % len(TARGETS)] == "ecs":
                drain(stack)
            target = TARGETS[flip % len(TARGETS)]
            stack.configure({"moving": function_arguments(target)})
            touched = {what for _, what in stack.project.changes() if what.split()[0] in STATEFUL}
            assert touched <= {"aws:iam/role:Role moving-main-exec"}, "a stateful resource was changed"
            stack.project.expect_no_changes()
    assert processes.poll(lambda: not load.left(), SETTLE_SECONDS), f"lost: {sorted(load.left())}"
    again, killed = load.count("done") - len(load.sent), load.count("started") - load.count("done")
    print(f"\n{FLIPS} flips: {len(load.sent)} messages, {again} handled more than once, {killed} killed")
    assert killed == 0
    assert load.dead_letters() == []
