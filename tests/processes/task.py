"""Run a task as processes: the adapter and, behind its gate, an app."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.harness.ports import free_port
from intermodal_runtime import FunctionContext, environment
from tests.processes.sqs import KEYS, Sqs
from tests.runtime.harness import HANDLERS


class Task:
    """One task's processes and their queue."""

    def __init__(self, sqs: Sqs, queue: tuple[str, str], folder: Path) -> None:
        self.sqs, self.url, self.arn, self.folder = sqs, *queue, folder
        self.port = free_port()
        self.started: list[subprocess.Popen[bytes]] = []
        self.environment = {
            "PATH": os.environ["PATH"],
            "AWS_ENDPOINT_URL": sqs.endpoint,
            "INTERMODAL_PORT": str(self.port),
            **KEYS,
        }

    def role(self, role: str, *options: str, **variables: str) -> subprocess.Popen[bytes]:
        """Start the adapter image's program in one of its roles."""
        log = (self.folder / f"{role}.log").open("ab")
        with log:
            process = subprocess.Popen(
                [sys.executable, "-m", "intermodal_runtime", role, *options],
                env=self.environment | variables,
                stdout=log,
                stderr=log,
            )
        self.started.append(process)
        return process

    def adapter(self, *options: str, **variables: str) -> subprocess.Popen[bytes]:
        """Start the adapter."""
        named = ("--queue-url", self.url, "--queue-arn", self.arn, "--function", "scan", "--timeout-seconds", "20")
        return self.role("adapter", *named, *options, **variables)

    def app(self, handler: str = "inbox.write", **variables: str) -> subprocess.Popen[bytes]:
        """Start the runtime client behind the gate."""
        assert self.role("gate", "20").wait(25) == 0
        context = environment(FunctionContext(name="scan"), f"127.0.0.1:{self.port}")
        variables = {"PYTHONPATH": str(HANDLERS), "OUT": str(self.folder / "out"), **variables}
        log = (self.folder / "app.log").open("ab")
        with log:
            process = subprocess.Popen(
                [sys.executable, "-m", "awslambdaric", handler],
                env=self.environment | context | variables,
                stdout=log,
                stderr=log,
            )
        self.started.append(process)
        return process

    def send(self, *bodies: str) -> None:
        """Send messages to the queue."""
        for body in bodies:
            self.sqs.client.send_message(QueueUrl=self.url, MessageBody=body)

    def list_handled(self) -> list[str]:
        """Return the bodies that the handler wrote, in order, including repeats."""
        out = self.folder / "out"
        return out.read_text().splitlines() if out.exists() else []

    def lines(self) -> list[dict[str, Any]]:
        """Return the adapter's log lines."""
        return [json.loads(line) for line in (self.folder / "adapter.log").read_text().splitlines() if line[0] == "{"]

    def notes(self) -> str:
        """Return the messages in the adapter's log."""
        return "\n".join(line.get("message", "") for line in self.lines())

    def close(self) -> None:
        """Kill the processes that are still running."""
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait(10)
