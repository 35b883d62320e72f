"""Run SQS for process tests: ministack alone, without the wrapper in `local`."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import boto3
from botocore.config import Config

from bench.harness.ports import free_port
from local.processes import poll

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

ACCOUNT, REGION = "000000000000", "us-east-1"
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


@dataclass(frozen=True)
class Sqs:
    """An endpoint and its client."""

    endpoint: str
    client: "SQSClient"

    def queue(self, name: str, **attributes: str) -> tuple[str, str]:
        """Create a queue; return its URL and ARN."""
        url = self.client.create_queue(QueueName=name, Attributes=cast("Any", attributes))["QueueUrl"]
        return url, f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"

    def counts(self, url: str) -> tuple[int, int]:
        """Return how many messages are visible and in flight."""
        found = self.client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        return int(found["ApproximateNumberOfMessages"]), int(found["ApproximateNumberOfMessagesNotVisible"])


@contextmanager
def serving_sqs(folder: Path) -> Iterator[Sqs]:
    """Run a ministack process that keeps its state in `folder`."""
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    environment = {
        "PATH": os.environ["PATH"],
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "STATE_DIR": str(folder),
        "AWS_ENDPOINT_URL": endpoint,
    }
    program = Path(sys.executable).parent / "ministack"
    process = subprocess.Popen([program], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    client = boto3.client(
        "sqs",
        region_name=REGION,
        endpoint_url=endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 10, "mode": "standard"}),
    )
    made = Sqs(endpoint, client)
    try:
        assert poll(lambda: _answers(made), 20), "ministack did not start"
        yield made
    finally:
        client.close()
        process.terminate()
        process.wait(10)


def _answers(sqs: Sqs) -> bool:
    try:
        sqs.client.list_queues()
    except Exception:  # noqa: BLE001 - not yet, whatever it says
        return False
    return True
