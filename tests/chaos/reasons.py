"""Why messages failed, as far as the lines of a function tell."""

import contextlib
import json
from collections.abc import Iterable
from typing import Any

from kubernetes import client, config

from tests.chaos.conftest import Stack


class Reasons:
    """Read from the log group, and from pods, whose lines no collector brings there on a cluster of this machine."""

    def __init__(self, stack: Stack, function: str, log_group: str) -> None:
        self._stack, self._function, self._group = stack, function, log_group
        reached = config.new_client_from_config(str(stack.cluster.kubeconfig))  # type: ignore[no-untyped-call]
        self._pods: Any = client.CoreV1Api(reached)
        self.by_message: dict[str, str] = {}
        """Off Lambda the adapter says it."""
        self.runs: dict[str, str] = {}
        """Id in the body to the last run that held it, by the handler's own lines."""
        self.statuses: dict[str, str] = {}
        """How the platform says that a run ended."""

    def look(self) -> None:
        """Read again."""
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
        pages = self._stack.client("logs").get_paginator("filter_log_events").paginate(logGroupName=self._group)
        return [event["message"] for page in pages for event in page["events"]]

    def _pod_lines(self) -> Iterable[str]:
        namespace, label = self._stack.namespace, f"intermodal/function={self._function}"
        for pod in self._pods.list_namespaced_pod(namespace, label_selector=label).items:
            with contextlib.suppress(client.ApiException):  # it has not begun, or is gone
                said = self._pods.read_namespaced_pod_log(pod.metadata.name, namespace, container="adapter")
                yield from (said or "").splitlines()
