"""A move that is killed while it waits for work in flight can be undone or continued."""

import os
from functools import partial

import pytest

from bench.harness.stack import Stack
from local import processes

LONG_SECONDS = 80.0
"""Duration of the work: it outlasts the killed move and the deployment that follows."""

WORK_SECONDS, TIMEOUT_SECONDS = 1.0, 100
START_SECONDS, SETTLE_SECONDS = 120.0, 660.0

NEXT_TARGETS = os.environ.get("CHAOS_NEXT_TARGETS", "ecs").split()
"""`make chaos` adds kubernetes. Back to ECS, messages could wait forever behind the deleted service."""


@pytest.mark.parametrize("target", NEXT_TARGETS)
def test_interrupted_move_can_be_undone_or_continued(stack: Stack, target: str) -> None:
    """The deployment uses `--refresh`: the engine's state still contains a service that is being deleted."""
    stack.configure({"moving": {"target": "ecs", "timeout": TIMEOUT_SECONDS}})
    load = stack.up()["moving"]
    (service,) = [each for each in stack.project.resources() if each["type"] == "aws:ecs/service:Service"]
    where = {"cluster": service["outputs"]["cluster"], "services": [service["outputs"]["name"]]}
    ecs = stack.client("ecs")

    def is_draining() -> bool:
        return bool(ecs.describe_services(**where)["services"][0]["status"] == "DRAINING")

    long = load.send("work", LONG_SECONDS)
    assert processes.poll(partial(load.under_way, long), START_SECONDS), "the message was not started"
    stack.configure({"moving": {"target": "kubernetes", "timeout": TIMEOUT_SECONDS}})
    with stack.project.interrupted():
        assert processes.poll(is_draining, START_SECONDS), "the service was not deleted"
    stack.configure({"moving": {"target": target, "timeout": TIMEOUT_SECONDS}})
    stack.project.refresh_and_up()
    assert load.under_way(long), "the test was too slow to show anything"
    load.send_all(["work"] * 5, WORK_SECONDS)
    assert processes.poll(lambda: not load.left(), SETTLE_SECONDS), f"lost: {sorted(load.left())}"
    assert (load.count("started"), load.count("done")) == (6, 6), "killed or handled twice"
    assert load.dead_letters() == []
    stack.project.expect_no_changes()
