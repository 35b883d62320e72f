"""Measure consumer throughput: in each run, a queue's messages become visible together while the consumer polls."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from bench.consumer import mapping, npm
from bench.figures import Figure
from bench.harness.ports import free_port
from bench.processes import cpu_seconds, resident_mib
from intermodal_runtime import FunctionContext, environment
from local.processes import poll

DELAY_SECONDS = 8
OF_SQS_CONSUMER, OF_MAPPING = 1.5, 1.0
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
REGION = "us-east-1"
HANDLER = "def handler(event, context):\n    return None\n"


@dataclass(frozen=True, kw_only=True)
class Run:
    """Measurements from draining one queue."""

    rate: float
    """Messages per second."""
    per_cpu_second: float
    idle_cpu_percent: float
    """CPU use while waiting for messages, in percent of one core."""
    resident_mib: float


def measure(messages: int, rounds: int) -> list[Figure]:
    """Return the median of each consumer's measurements, and their ratios."""
    with _ministack() as cloud, tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "noop.py").write_text(HANDLER)
        theirs_at = npm.folder()
        ours, theirs, mapped = [], [], []
        for number in range(rounds):
            with _ours(cloud, f"ours-{number}", Path(folder)) as (url, pids):
                ours.append(_drain(cloud, url, pids, messages))
            with _theirs(cloud, f"theirs-{number}", theirs_at) as (url, pids):
                theirs.append(_drain(cloud, url, pids, messages))
            with mapping.mapped(cloud.session, f"mapped-{number}", HANDLER) as url:
                mapped.append(_drain(cloud, url, [], messages))
    return _figures(ours, theirs, mapped)


def _figures(ours: Sequence[Run], theirs: Sequence[Run], mapped: Sequence[Run]) -> list[Figure]:
    def median(runs: Sequence[Run], name: str) -> float:
        return float(statistics.median(getattr(run, name) for run in runs))

    found = []
    for who, runs in (("adapter and app", ours), ("sqs-consumer", theirs)):
        found += [
            Figure(name=f"{who}: messages/s", value=median(runs, "rate")),
            Figure(name=f"{who}: messages/CPU-second", value=median(runs, "per_cpu_second")),
            Figure(name=f"{who}: idle CPU, percent", value=median(runs, "idle_cpu_percent")),
            Figure(name=f"{who}: resident, MiB", value=median(runs, "resident_mib")),
        ]
    found.append(Figure(name="ministack's mapping: messages/s", value=median(mapped, "rate")))
    per_cpu = median(ours, "per_cpu_second") / median(theirs, "per_cpu_second")
    rate = median(ours, "rate") / median(mapped, "rate")
    found.append(Figure(name="ours/sqs-consumer, messages/CPU-second", value=per_cpu, at_least=OF_SQS_CONSUMER))
    found.append(Figure(name="ours/mapping, messages/s", value=rate, at_least=OF_MAPPING))
    return found


class Cloud:
    """A ministack process with AWS clients."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)  # noqa: S106
        self.sqs: Any = self.session.client(
            "sqs", endpoint_url=endpoint, config=Config(retries={"total_max_attempts": 10})
        )
        self.session.endpoint = endpoint  # type: ignore[attr-defined]

    def environment(self) -> dict[str, str]:
        """Return the environment variables for processes that call ministack."""
        return {"PATH": os.environ["PATH"], "AWS_ENDPOINT_URL": self.endpoint, "AWS_REGION": REGION, **KEYS}


@contextmanager
def _ministack() -> Iterator[Cloud]:
    port = free_port()
    cloud = Cloud(f"http://127.0.0.1:{port}")
    variables = {"BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port), "SFTP_ENABLED": "0", "IOT_MTLS_ENABLED": "0"}
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [Path(sys.executable).parent / "ministack"],
            env=cloud.environment() | variables | {"STATE_DIR": folder},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            poll(lambda: _answers(cloud), 20)
            yield cloud
        finally:
            process.terminate()
            process.wait(10)


def _answers(cloud: Cloud) -> bool:
    try:
        cloud.sqs.list_queues()
    except Exception:  # noqa: BLE001 - ministack is not ready yet
        return False
    return True


@contextmanager
def _ours(cloud: Cloud, name: str, folder: Path) -> Iterator[tuple[str, list[int]]]:
    url = cloud.sqs.create_queue(QueueName=name)["QueueUrl"]
    port = str(free_port())
    base = cloud.environment() | {"INTERMODAL_PORT": port}
    options = ["--queue-url", url, "--queue-arn", f"arn:aws:sqs:{REGION}:000000000000:{name}", "--function", "f"]
    context = environment(FunctionContext(name="f"), f"127.0.0.1:{port}") | {"PYTHONPATH": str(folder)}
    python = [sys.executable, "-m"]
    adapter = _start([*python, "intermodal_runtime", "adapter", *options, "--timeout-seconds", "30"], base)
    subprocess.run([*python, "intermodal_runtime", "gate"], env=base, check=True)
    app = _start([*python, "awslambdaric", "noop.handler"], base | context)
    try:
        yield url, [adapter.pid, app.pid]
    finally:
        for process in (app, adapter):
            process.kill()
            process.wait()


@contextmanager
def _theirs(cloud: Cloud, name: str, folder: Path) -> Iterator[tuple[str, list[int]]]:
    url = cloud.sqs.create_queue(QueueName=name)["QueueUrl"]
    process = _start(["node", str(folder / "consume.mjs")], cloud.environment() | {"QUEUE_URL": url})
    try:
        yield url, [process.pid]
    finally:
        process.kill()
        process.wait()


def _start(command: list[str], variables: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _drain(cloud: Cloud, url: str, pids: Sequence[int], messages: int) -> Run:
    sent = time.monotonic()
    for start in range(0, messages, 10):
        entries = [
            {"Id": str(at), "MessageBody": json.dumps({"n": start + at}), "DelaySeconds": DELAY_SECONDS}
            for at in range(10)
        ]
        cloud.sqs.send_message_batch(QueueUrl=url, Entries=entries)
    time.sleep(1)
    idle_from, idle_cpu = time.monotonic(), sum(map(cpu_seconds, pids))
    visible = sent + DELAY_SECONDS
    time.sleep(max(0.0, visible - 1 - time.monotonic()))
    idle = 100 * (sum(map(cpu_seconds, pids)) - idle_cpu) / (time.monotonic() - idle_from)
    time.sleep(max(0.0, visible - time.monotonic()))
    before = sum(map(cpu_seconds, pids))
    if not poll(lambda: _left(cloud, url) == 0, 300):
        raise RuntimeError(f"{_left(cloud, url)} messages were not consumed within 300 s")
    seconds = time.monotonic() - visible
    cpu = sum(map(cpu_seconds, pids)) - before
    return Run(
        rate=messages / seconds,
        per_cpu_second=messages / cpu if cpu else 0.0,
        idle_cpu_percent=idle,
        resident_mib=resident_mib(pids[0]) if pids else 0.0,
    )


def _left(cloud: Cloud, url: str) -> int:
    found = cloud.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return sum(int(found[f"ApproximateNumberOfMessages{kind}"]) for kind in ("", "NotVisible", "Delayed"))
