"""Measure the Invoke route with sequential POST requests on one connection."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import processes
from bench.harness.ports import free_port
from bench.runtime.client import COMMAND, environment
from bench.runtime.event import EVENT

REQUEST = b"POST /2015-03-31/functions/function/invocations HTTP/1.1\r\nHost: bench\r\nContent-Length: %d\r\n\r\n%b" % (
    len(EVENT),
    EVENT,
)
ANSWER = b'{"batchItemFailures": []}'
START_SECONDS = 20


@dataclass(frozen=True, kw_only=True)
class Served:
    """A running server."""

    process: subprocess.Popen[str]
    port: int
    ready_seconds: float

    @property
    def resident_mib(self) -> float:
        """The server's resident memory in MiB."""
        return processes.resident_mib(self.process.pid)

    def seconds(self, events: int) -> float:
        """Return the duration of `events` sequential invocations in seconds."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=START_SECONDS) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            started = time.perf_counter()
            for _ in range(events):
                connection.sendall(REQUEST)
                answer = connection.recv(65536)
                while not answer.endswith(ANSWER):
                    more = connection.recv(65536)
                    if not more:
                        raise RuntimeError(f"the Invoke route sent an incomplete response: {answer!r}")
                    answer += more
            return time.perf_counter() - started


@contextmanager
def ours() -> Iterator[Served]:
    """Start the intermodal runtime's local runner."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "intermodal_runtime", "--invoke", "--port", "0", "--", *COMMAND]
    with _running(command, subprocess.PIPE) as process:
        line = process.stdout.readline() if process.stdout else ""
        ready = time.perf_counter() - started
        yield Served(process=process, port=int(line.rpartition(":")[2]), ready_seconds=ready)


@contextmanager
def rie(binary: Path) -> Iterator[Served]:
    """Start the AWS Lambda runtime interface emulator."""
    port, runtime_api = free_port(), free_port()
    started = time.perf_counter()
    addresses = ["--runtime-interface-emulator-address", f"127.0.0.1:{port}"]
    addresses += ["--runtime-api-address", f"127.0.0.1:{runtime_api}"]
    with _running([str(binary), *addresses, *COMMAND], subprocess.DEVNULL) as process:
        while not _answers(port):
            if process.poll() is not None or time.perf_counter() - started > START_SECONDS:
                raise RuntimeError(f"aws-lambda-rie exited or did not start within {START_SECONDS} s")
            time.sleep(0.005)
        yield Served(process=process, port=port, ready_seconds=time.perf_counter() - started)


@contextmanager
def _running(command: list[str], stdout: int) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        command, env=environment(), stdout=stdout, stderr=subprocess.DEVNULL, text=True, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
