"""SQS for the tests of whole processes: ministack alone, without our wrapper, which is AWS enough for queues."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from botocore.config import Config

from local.processes import poll
from tests.conftest import free_port
from tests.runtime.consumer.agent import Agent

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

ACCOUNT, REGION = "000000000000", "us-east-1"
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


@dataclass(frozen=True)
class Sqs:
    """An endpoint and a client of it."""

    endpoint: str
    client: "SQSClient"

    def queue(self, name: str, **attributes: str) -> tuple[str, str]:
        """A new queue: URL and ARN."""
        url = self.client.create_queue(QueueName=name, Attributes=cast("Any", attributes))["QueueUrl"]
        return url, f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"

    def counts(self, url: str) -> tuple[int, int]:
        """Visible and in flight."""
        found = self.client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        return int(found["ApproximateNumberOfMessages"]), int(found["ApproximateNumberOfMessagesNotVisible"])


@pytest.fixture(scope="module")
def sqs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sqs]:
    """A ministack of this module."""
    port, folder = free_port(), tmp_path_factory.mktemp("sqs")
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
    assert poll(lambda: _answers(made), 20), "ministack did not come up"
    yield made
    client.close()
    process.terminate()
    process.wait(10)


def _answers(sqs: Sqs) -> bool:
    try:
        sqs.client.list_queues()
    except Exception:  # noqa: BLE001 - not yet, whatever it says
        return False
    return True


@pytest.fixture
def agent() -> Iterator[Agent]:
    """A running agent."""
    made = Agent()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()
