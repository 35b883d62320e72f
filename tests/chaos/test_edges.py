"""Test user errors on ECS and Kubernetes, and FIFO order on every target.

An image that cannot run receives no message and logs why. A deleted namespace is recreated by the next deployment,
and waiting messages are handled. A Job that Kueue suspends while its function moves never receives a message. A FIFO
inbox keeps the order within each group.
"""

import json
import platform
from collections.abc import Mapping
from contextlib import closing
from typing import Any

import pytest

from bench.harness.load import Load
from bench.harness.namespace import Namespace
from bench.harness.quota import no_quota, quota
from bench.harness.stack import Stack
from intermodal_offline.providers.kubernetes.api import Api
from intermodal_offline.providers.kubernetes.kubeconfig import Chosen, connection
from local import processes
from local.advice import LocalError
from local.docker import architecture, images
from local.docker.daemon import Docker
from tests import pods
from tests.local import foreign

TARGETS = ("lambda", "ecs", "kubernetes")
BROKEN_IMAGES = ("silent", "ends", "foreign")
"""Images without a runtime client, that exit at once, or for a different architecture (whatever their label says)."""

ARCHITECTURE = architecture.WORDS[platform.machine()]

RETURN_SECONDS, LEASE_SECONDS, SECONDS = 10, 15, 180.0
GROUPS, MESSAGES_PER_GROUP = 3, 8
FIFO_TIMEOUT_SECONDS = 30
"""Long enough that no run times out on a busy machine; a timed-out run would rightly be repeated."""


@pytest.fixture(scope="module")
def loads(stack: Stack, docker: Docker) -> Mapping[str, Load]:
    """Deploy one function for each case."""
    with closing(docker.client()) as client:
        silent, ends = images.ensure(client, ["tests/chaos/silent", "tests/chaos/ends"])
        broken = dict(zip(BROKEN_IMAGES, (silent, ends, foreign.load(client, labelled=ARCHITECTURE)), strict=True))
    for image in broken.values():
        stack.cluster.load_image(image)
    functions: dict[str, dict[str, Any]] = {
        f"fifo-{target}": {"target": target, "timeout": FIFO_TIMEOUT_SECONDS, "fifo": True, "most": 2, "receives": 1000}
        for target in TARGETS
    }
    # A container that cannot run is restarted again and again, in every task or pod.
    few = {"timeout": 5, "grace": 5, "most": 1}
    for target in ("ecs", "kubernetes"):
        functions |= {f"{kind}-{target}": {"target": target, "image": broken[kind], **few} for kind in BROKEN_IMAGES}
    functions["plain"] = {"target": "kubernetes", "timeout": 5}
    functions["held"] = {"target": "kubernetes", "timeout": 5, "queue": "queue"}
    stack.configure(functions, lease=LEASE_SECONDS, **{"return": RETURN_SECONDS})
    made = stack.up()
    for name, load in made.items():
        if name.partition("-")[0] in BROKEN_IMAGES:
            load.send("work", 0)
    return made


@pytest.fixture
def namespace(stack: Stack) -> Namespace:
    """Return the namespace of the stack's pods."""
    return Namespace(Api(connection(Chosen(kubeconfig=str(stack.cluster.kubeconfig)))), stack.namespace)


@pytest.mark.parametrize("target", ["ecs", "kubernetes"])
@pytest.mark.parametrize("kind", BROKEN_IMAGES)
def test_image_that_cannot_run_receives_nothing_and_logs_why(
    stack: Stack, loads: Mapping[str, Load], kind: str, target: str
) -> None:
    load = loads[f"{kind}-{target}"]

    def reason() -> str | None:
        if target == "kubernetes":
            lines = list(pods.read_lines(stack.cluster, stack.namespace, f"{kind}-{target}"))
        else:
            pages = stack.client("logs").get_paginator("filter_log_events").paginate(logGroupName=load.log_group())
            lines = [event["message"] for page in pages for event in page["events"]]
        records = [json.loads(line) for line in lines if line.startswith("{")]
        return next((one["message"] for one in records if "did not start" in one.get("message", "")), None)

    assert processes.poll(lambda: reason() is not None, SECONDS), "the adapter did not log a reason"
    ended = target == "ecs" and kind != "silent"  # the task then stops, and the agent reports the exit status
    assert ("Runtime exited with error: exit status" if ended else ("no Lambda runtime client requested")) in str(
        reason()
    )
    assert load.receives() == 0


def test_image_for_another_architecture_is_not_loaded(stack: Stack, docker: Docker) -> None:
    with closing(docker.client()) as client:
        image = foreign.load(client)
    with pytest.raises(
        LocalError, match=f"built for {foreign.FOREIGN}, but this machine is {ARCHITECTURE}; build it with"
    ):
        stack.cluster.load_image(image)


@pytest.mark.parametrize("target", TARGETS)
def test_fifo_inbox_keeps_order_within_each_group(loads: Mapping[str, Load], target: str) -> None:
    load = loads[f"fifo-{target}"]
    order = [(group, at) for at in range(MESSAGES_PER_GROUP) for group in range(GROUPS)]
    names = [load.send_in_group(f"g{group}", 0) for group, _ in order]
    assert processes.poll(lambda: not load.left(), SECONDS), f"not handled: {sorted(load.left())}"
    for group in range(GROUPS):
        of_group = [name for name, (its_group, _) in zip(names, order, strict=True) if its_group == group]
        assert of_group == sorted(of_group, key=lambda name: load.times[name, "started"])
    assert {name: load.marks[name, "done"] for name in names if load.marks[name, "done"] != 1} == {}


def test_job_suspended_during_a_move_receives_nothing(
    stack: Stack, loads: Mapping[str, Load], namespace: Namespace
) -> None:
    """Kueue has no room until the function is on Lambda; the Job may then start, but its account is deleted."""
    load, mine = loads["held"], "intermodal/function=held"

    def list_suspended() -> list[bool]:
        return [bool(job["spec"].get("suspend")) for job in namespace.jobs(mine)]

    name = load.send("work", 0)
    assert processes.poll(lambda: True in list_suspended(), SECONDS), "no Job is suspended"
    stack.move("held", "lambda")
    assert processes.poll(lambda: not load.left(), SECONDS), "not handled on the new target"
    quota(namespace, 1)
    try:
        assert processes.poll(lambda: False in list_suspended(), SECONDS), "still suspended"
        assert processes.poll(lambda: namespace.events("serviceaccount") != [], SECONDS), "no event reports why"
    finally:
        no_quota(namespace)
    assert (namespace.pods(mine), load.held()) == ([], 0)
    assert load.marks[name, "done"] == 1


def test_deleted_namespace_is_recreated_and_messages_handled(
    stack: Stack, loads: Mapping[str, Load], namespace: Namespace
) -> None:
    path = namespace.path("v1", "Namespace", stack.namespace)
    namespace.api.delete(path, "Background")
    assert processes.poll(lambda: namespace.api.get(path) is None, SECONDS), "the namespace still exists"
    load = loads["plain"]
    load.send("work", 0)
    stack.project.refresh_and_up()
    assert processes.poll(lambda: not load.left(), SECONDS), "waiting messages were not handled"
    stack.project.expect_no_changes()
