"""Read from a function's log lines why messages failed."""

import json
from collections.abc import Iterable
from typing import Any

from bench.harness.stack import Stack
from tests import pods


class Reasons:
    """Failure reasons from the log group and from pods; on a local cluster, no collector ships the pods' log lines."""

    def __init__(self, stack: Stack, function: str, log_group: str) -> None:
        self._stack, self._function, self._group = stack, function, log_group
        self._reasons: dict[str, tuple[str, str]] = {}
        self.runs: dict[str, str] = {}
        """The last run that held each message, by message ID; read from the handler's own lines."""
        self.statuses: dict[str, str] = {}
        """The status of each run from the platform's report, by request ID."""

    def reason_of(self, name: str) -> str:
        """Return the last reason that an adapter logged, if any."""
        return self._reasons.get(name, ("", ""))[1]

    def refresh(self) -> None:
        """Read all lines again; lines from pods are not sorted by time."""
        stack = self._stack
        for line in [*self._group_lines(), *pods.read_lines(stack.cluster, stack.namespace, self._function)]:
            if line.startswith("{"):
                self._take(json.loads(line))

    def _take(self, line: dict[str, Any]) -> None:
        if line.get("type") == "platform.report":
            self.statuses[line["record"]["requestId"]] = line["record"]["status"]
            for name, reason in line.get("failed", {}).items():
                self._reasons[name] = max(self._reasons.get(name, ("", "")), (line["time"], reason))
        elif "run" in line:
            self.runs[line["id"]] = line["run"]

    def _group_lines(self) -> Iterable[str]:
        pages = self._stack.client("logs").get_paginator("filter_log_events").paginate(logGroupName=self._group)
        return [event["message"] for page in pages for event in page["events"]]
