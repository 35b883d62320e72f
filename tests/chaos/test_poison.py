"""Poison among healthy messages: exactly the poison becomes dead letters, each with its last known reason."""

import contextlib
import json
from collections.abc import Iterable
from typing import Any

import pytest
from kubernetes import client, config

from local import processes
from tests.chaos.conftest import Moving

MESSAGES, EVERY = 70, 7
TIMEOUT_SECONDS, RECEIVES, DEADLINE_SECONDS = 3, 2, 240.0
NAMED = "Function.BatchItemFailure: named in batchItemFailures"


class Reasons:
    """Why messages failed, as far as the lines that were read so far tell."""

    def __init__(self, moving: Moving, log_group: str) -> None:
        self._moving, self._group = moving, log_group
        reached = config.new_client_from_config(str(moving.cluster.kubeconfig))  # type: ignore[no-untyped-call]
        self._pods: Any = client.CoreV1Api(reached)
        self.by_message: dict[str, str] = {}
        """Off Lambda the adapter says it."""
        self.runs: dict[str, str] = {}
        """Id in the body to the last run that held it, by the handler's own lines."""
        self.statuses: dict[str, str] = {}
        """How the platform says that a run ended."""

    def look(self) -> None:
        """Read the log group, and the pods' lines, which no collector brings there on this cluster."""
        for line in [*self._group_lines(), *self._pod_lines()]:
            if line.startswith("{"):
                self._take(json.loads(line))

    def _take(self, line: dict[str, Any]) -> None:
        if line.get("type") == "platform.report":
            self.statuses[line["record"]["requestId"]] = line["record"]["status"]
            self.by_message |= line.get("failed", {})
        elif "run" in line:
            self.runs[line["id"]] = line["run"]

    def _group_lines(self) -> Iterable[str]:
        pages = self._moving.client("logs").get_paginator("filter_log_events").paginate(logGroupName=self._group)
        return [event["message"] for page in pages for event in page["events"]]

    def _pod_lines(self) -> Iterable[str]:
        for pod in self._pods.list_namespaced_pod(self._moving.namespace).items:
            for container in ("adapter", "app"):
                with contextlib.suppress(client.ApiException):  # it has not begun, or is gone
                    said = self._pods.read_namespaced_pod_log(
                        pod.metadata.name, self._moving.namespace, container=container
                    )
                    yield from said.splitlines()


@pytest.mark.parametrize("target", ["lambda", "ecs", "kubernetes"])
def test_the_dead_letters_are_exactly_the_poison_with_its_reasons(moving: Moving, target: str) -> None:
    moving.configure(target, timeout=TIMEOUT_SECONDS, lease=15, receives=RECEIVES)
    load = moving.up()
    words = ["bad" if number % EVERY == 0 else "note" for number in range(MESSAGES)]
    names = load.send_all(words, 0.01)
    poison = {name for name, word in zip(names, words, strict=True) if word == "bad"}
    reasons, dead = Reasons(moving, load.log_group()), []

    def settled() -> bool:
        reasons.look()
        dead.extend(load.dead_letters())
        return load.left() == poison and load.held() == 0 and len(dead) >= len(poison)

    assert processes.poll(settled, DEADLINE_SECONDS), f"{load.held()} in the inbox, {len(dead)} dead letters"
    assert processes.poll(lambda: settled() and bool(reasons.by_message or target == "lambda"), 20)
    assert {json.loads(each["Body"])["id"] for each in dead} == poison
    assert len(dead) == len(poison)
    if target == "lambda":  # the platform sees a run that succeeded; which of its messages failed only the handler says
        assert {reasons.statuses[reasons.runs[name]] for name in poison} == {"success"}
    else:
        assert {reasons.by_message.get(each["MessageId"]) for each in dead} == {NAMED}
