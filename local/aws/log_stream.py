"""Write a container's output to a log stream with the function's role; without permission, nothing is logged."""

import json
import logging
import queue
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError
from docker.errors import DockerException

from intermodal_runtime import Result
from intermodal_runtime.consumer.log import report_record, start_record
from intermodal_runtime.consumer.usage import Usage

if TYPE_CHECKING:
    from mypy_boto3_logs.type_defs import InputLogEventTypeDef

logger = logging.getLogger(__name__)
FLUSH_SECONDS = 0.2
LARGEST_BATCH = 1000


class LogStream:
    """Writer that sends lines to CloudWatch Logs in batches, in the background."""

    def __init__(self, logs: Any, group: str, name: str) -> None:
        self._logs, self._group, self._name = logs, group, name
        self._lines: queue.Queue[tuple[int, str] | None] = queue.Queue()
        self._writer = threading.Thread(target=self._write, daemon=True)
        self._writer.start()

    def follow(self, container: Any) -> None:
        """Read the container's output until the container exits."""
        rest = b""
        try:
            for chunk in container.logs(stream=True, follow=True):
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    self._add(line.decode(errors="replace"))
        except (DockerException, OSError):
            logger.info("a container's output ended early; the last lines may be missing")
        if rest:
            self._add(rest.decode(errors="replace"))

    def start(self, request_id: str) -> None:
        """Write the platform.start record, as Lambda does in JSON log format."""
        self._platform(start_record(request_id))

    def report(self, result: Result, memory_mib: int, usage: Usage | None) -> None:
        """Write the platform.report record, which has no CPU time, as on Lambda.

        Source: Lambda developer guide, "Lambda Telemetry API Event schema reference", platform.report.
        """
        self._platform(report_record(result, memory_mib, usage and Usage(None, usage.peak_mib)))

    def explain(self, error_type: str, message: str) -> None:
        """Write the platform's reason for ending an invocation in Lambda's format: the message, then the error type."""
        self._add(f"{message}\n{error_type}")

    def close(self) -> None:
        """Write the remaining lines and stop the writer."""
        self._lines.put(None)
        self._writer.join(timeout=10)

    def _platform(self, event: dict[str, Any]) -> None:
        when = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self._add(json.dumps({"time": when, **event}))

    def _add(self, line: str) -> None:
        self._lines.put((int(time.time() * 1000), line))

    def _write(self) -> None:
        try:
            self._logs.create_log_stream(logGroupName=self._group, logStreamName=self._name)
        except (ClientError, BotoCoreError) as error:
            if "ResourceAlreadyExists" not in str(error):
                logger.warning("cannot create log stream %s in %s: %s", self._name, self._group, error)
        open_ended = True
        while open_ended:
            batch, open_ended = self._batch()
            events: list[InputLogEventTypeDef] = [{"timestamp": when, "message": line} for when, line in batch if line]
            if not events:
                continue
            try:
                self._logs.put_log_events(logGroupName=self._group, logStreamName=self._name, logEvents=events)
            except (ClientError, BotoCoreError) as error:
                logger.warning("lost %d lines for log stream %s: %s", len(events), self._name, error)

    def _batch(self) -> tuple[list[tuple[int, str]], bool]:
        """Return the next batch of lines and whether more lines may follow."""
        first = self._lines.get()
        if first is None:
            return [], False
        batch, deadline = [first], time.monotonic() + FLUSH_SECONDS
        while len(batch) < LARGEST_BATCH:
            try:
                line = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                break
            if line is None:
                return batch, False
            batch.append(line)
        return batch, True
