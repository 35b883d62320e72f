"""Write the consumer's log as JSON lines with Lambda's field names and embedded metrics.

`platform.start` and `platform.report` are Lambda event types (Lambda guide, "System log events"). Reports also use the
CloudWatch embedded metric format, so that metrics require only the log group.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from intermodal_runtime.invocation import Result

from .messages import Message
from .usage import Usage

NAMESPACE = "intermodal"
DIMENSIONS = ("Function", "Lane", "Target")
UNITS = {
    "Invocations": "Count",
    "Errors": "Count",
    "Duration": "Milliseconds",
    "Retries": "Count",
    "Age": "Milliseconds",
    "InFlight": "Count",
    "CpuTime": "Milliseconds",
    "MemoryPeak": "Megabytes",
}
"""Unit by metric. Age is the time from the oldest message's SentTimestamp to the end of the run. Retries counts
receives after the first. InFlight is the number of messages that the consumer holds. CpuTime and MemoryPeak (in MiB,
like Lambda's maxMemoryUsedMB) are reported only where the app can be measured."""

MOST_WARNINGS = 100

PART_CHARACTERS = 30_000
"""Maximum characters of a response per line. JSON escapes some characters as six bytes, and log drivers split lines
longer than 256 KiB (CloudWatch Logs quotas, Event size)."""


def write_stdout(line: str) -> None:
    """Write one complete line."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def start_record(request_id: str) -> dict[str, Any]:
    """Return the type and record of the log line at the start of a run, which is the same on every target."""
    return {"type": "platform.start", "record": {"requestId": request_id, "version": "$LATEST"}}


def report_record(result: Result, memory_mib: int, usage: Usage | None) -> dict[str, Any]:
    """Return the type and record of the log line at the end of a run."""
    metrics = {"durationMs": round(result.duration_ms, 3), "memorySizeMB": memory_mib}
    record: dict[str, Any] = {
        "requestId": result.request_id,
        "status": "success" if result.ok else "timeout" if result.timed_out else "error",
        "metrics": {**metrics, **_usage_metrics(usage, "cpuTimeMs", "maxMemoryUsedMB")},
    }
    if not result.ok:
        record["errorType"] = result.error_type
    return {"type": "platform.report", "record": record}


class ConsumerLog:
    """Log of one consumer. Each line contains the function, lane and target; reports also contain the memory size."""

    def __init__(
        self, function: str, lane: str, target: str, memory_mib: int, write: Callable[[str], None] = write_stdout
    ) -> None:
        self._who = {"Function": function, "Lane": lane, "Target": target}
        self._memory_mib = memory_mib
        self._write_line = write
        self._warned: set[str] = set()

    def warn_once(self, text: str) -> None:
        """Log a warning if it was not logged before, up to a hundred different warnings."""
        if text and text not in self._warned and len(self._warned) < MOST_WARNINGS:
            self._warned.add(text)
            self.write("WARNING", text)

    def write(self, level: str, text: str, *messages: Message) -> None:
        """Log a message, with the IDs of the SQS messages that it concerns."""
        about = {"messageIds": [message.id for message in messages]} if messages else {}
        self._line({"level": level, "message": text, **about, **self._who})

    def start(self, request_id: str, messages: Sequence[Message]) -> None:
        """Log the start of a run with its messages and their receive counts."""
        receives = {message.id: message.receive_count for message in messages}
        self._line({**start_record(request_id), "receives": receives, **self._who})

    def report(
        self,
        result: Result,
        messages: Sequence[Message],
        failed: dict[str, str],
        in_flight: int,
        usage: Usage | None = None,
    ) -> None:
        """Log the end of a run; `failed` maps each failed message ID to the reason."""
        now = time.time()
        oldest = min((message.sent_ms for message in messages), default=round(now * 1000))
        values = {
            "Invocations": 1,
            "Errors": 0 if result.ok else 1,
            "Duration": round(result.duration_ms, 3),
            "Retries": sum(max(0, message.receive_count - 1) for message in messages),
            "Age": max(0, round(now * 1000) - oldest),
            "InFlight": in_flight,
            **_usage_metrics(usage, "CpuTime", "MemoryPeak"),
        }
        metrics = [{"Name": name, "Unit": UNITS[name]} for name in values]
        emf = {
            "Timestamp": round(now * 1000),
            "CloudWatchMetrics": [{"Namespace": NAMESPACE, "Dimensions": [DIMENSIONS], "Metrics": metrics}],
        }
        ids = [message.id for message in messages]
        about = {"messageIds": ids} | ({"failed": failed} if failed else {})
        self._line({**report_record(result, self._memory_mib, usage), **about, **self._who, **values, "_aws": emf})

    def answer(self, result: Result) -> None:
        """Log the result of a single event without a queue, in numbered parts that each fit into a log line."""
        text = result.payload.decode(errors="replace")
        pieces = [text[start : start + PART_CHARACTERS] for start in range(0, len(text), PART_CHARACTERS)] or [""]
        for number, piece in enumerate(pieces, 1):
            part = {"requestId": result.request_id, "ok": result.ok, "part": number, "of": len(pieces), "text": piece}
            self._line({"type": "intermodal.answer", "record": part, **self._who})

    def _line(self, fields: dict[str, Any]) -> None:
        when = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self._write_line(json.dumps({"time": when, **fields}, separators=(",", ":")))


def _usage_metrics(usage: Usage | None, cpu: str, memory: str) -> dict[str, float]:
    if usage is None:
        return {}
    return ({} if usage.cpu_ms is None else {cpu: usage.cpu_ms}) | {memory: round(usage.peak_mib)}
