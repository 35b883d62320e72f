"""Why messages failed, as far as the lines of a function tell."""

import json
from collections.abc import Iterable
from typing import Any

from bench.harness.stack import Stack
from tests import pods


class Reasons:
    """Read from the log group, and from pods, whose lines no collector brings there on a cluster of this machine."""

    def __init__(self, stack: Stack, function: str, log_group: str) -> None:
        self._stack, self._function, self._group = stack, function, log_group
        self._said: dict[str, tuple[str, str]] = {}
        self.runs: dict[str, str] = {}
        """Id in the body to the last run that held it, by the handler's own lines."""
        self.statuses: dict[str, str] = {}
        """How the platform says that a run ended."""

    def by_message(self, name: str) -> str:
        """The last reason that an adapter has given, if any."""
        return self._said.get(name, ("", ""))[1]

    def look(self) -> None:
        """Read again; pods come in no order of time."""
        stack = self._stack
        for line in [*self._group_lines(), *pods.lines(stack.cluster, stack.namespace, self._function)]:
            if line.startswith("{"):
                self._take(json.loads(line))

    def _take(self, line: dict[str, Any]) -> None:
        if line.get("type") == "platform.report":
            self.statuses[line["record"]["requestId"]] = line["record"]["status"]
            for name, reason in line.get("failed", {}).items():
                self._said[name] = max(self._said.get(name, ("", "")), (line["time"], reason))
        elif "run" in line:
            self.runs[line["id"]] = line["run"]

    def _group_lines(self) -> Iterable[str]:
        pages = self._stack.client("logs").get_paginator("filter_log_events").paginate(logGroupName=self._group)
        return [event["message"] for page in pages for event in page["events"]]
