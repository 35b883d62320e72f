"""Each source produces the expected record body: one golden per source, the same for one lane and for two.

`http` has no golden: the emulator lacks API Gateway's SQS integration, whose body is the request body. A schedule's
placeholders (`<aws.scheduler.…>`) are filled in by EventBridge Scheduler, but not by the emulator.
"""

import datetime as dt
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from local import processes
from local.aws import deployer
from local.aws.settings import Emulator
from local.engine.workspace import Workspace
from tests.engine.transitions.stack import Stack

GOLDENS = Path(__file__).with_name("goldens")
SECONDS = 40.0
BUCKET, TOPIC = "bodies-photographs", "bodies-orders"
Clients = Callable[[str], Any]

VOLATILE = {
    "id": "<id>", "time": "<time>", "sequencer": "<sequencer>", "etag": "<etag>", "request-id": "<id>",
    "requester": "<account>", "source-ip-address": "<address>", "version-id": "<version>",
}  # fmt: skip
"""Fields whose values differ in every run."""


@pytest.fixture(scope="module")
def client(emulator: Emulator) -> Clients:
    """Return AWS clients with the deployer's keys, by service."""
    make: Any = deployer.session(emulator).client
    return lambda service: make(service, endpoint_url=emulator.endpoint)


@pytest.fixture(scope="module")
def topic(client: Clients) -> str:
    """Create a topic and a bucket that notifies it; yield the topic's ARN."""
    client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    client("s3").put_bucket_notification_configuration(
        Bucket=BUCKET, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    return str(client("sns").create_topic(Name=TOPIC)["TopicArn"])


@pytest.fixture
def stack(workspace: Workspace, tmp_path: Path) -> Iterator[Stack]:
    """Create a stack; destroy it at the end."""
    made = Stack.create(workspace, tmp_path, f"b{os.urandom(3).hex()}")
    yield made
    made.destroy()


LANES: Mapping[str, list[dict[str, Any]]] = {
    "one lane": [{"name": "main", "target": "lambda", "share": 16, "paused": True}],
    "two lanes": [
        {"name": "main", "target": "lambda", "share": 16, "paused": True},
        {"name": "green", "target": "lambda", "share": 0, "paused": True},
    ],
}


@pytest.mark.parametrize("lanes", LANES)
def test_record_bodies_match_their_goldens(
    lanes: str, stack: Stack, client: Clients, topic: str, images_of_examples: dict[str, str]
) -> None:
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=1)
    sources = [
        {"bus": {"pattern": {"source": ["bodies"]}}},
        {"bucket": {"bucket": BUCKET, "prefix": "in/"}},
        {"topic": {"arn": topic}},
        {"schedule": {"expression": f"at({soon:%Y-%m-%dT%H:%M:%S})"}},
    ]
    args = {"image": {"uri": images_of_examples["examples/thumbnails"]}, "lanes": LANES[lanes], "sources": sources}
    stack.up({"args": args})
    url = stack.outputs()["inbox_url"]
    client("sqs").send_message(QueueUrl=url, MessageBody='{"kind": "queue"}')
    entry = {"Source": "bodies", "DetailType": "Order", "Detail": '{"kind": "bus"}'}
    client("events").put_events(Entries=[entry])
    client("s3").put_object(Bucket=BUCKET, Key="in/a b.txt", Body=b"x")
    client("sns").publish(TopicArn=topic, Message='{"kind": "topic"}')
    bodies: dict[str, Any] = {}

    def all_there() -> bool:
        for message in client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            body = mask_volatile(json.loads(message["Body"]))
            bodies[source_of(body)] = body
        return len(bodies) == len(sources) + 1  # and one message sent to the inbox

    assert processes.poll(all_there, SECONDS), f"only {sorted(bodies)} arrived"
    for kind, body in bodies.items():
        golden = GOLDENS / f"{kind}.json"
        if os.environ.get("INTERMODAL_WRITE_GOLDENS"):
            golden.write_text(json.dumps(body, indent=2) + "\n")
        assert body == json.loads(golden.read_text()), kind


def test_fifo_topic_keeps_order_within_each_group(
    stack: Stack, client: Clients, images_of_examples: dict[str, str]
) -> None:
    attributes = {"FifoTopic": "true", "ContentBasedDeduplication": "true"}
    arn = client("sns").create_topic(Name=f"{TOPIC}.fifo", Attributes=attributes)["TopicArn"]
    image = {"uri": images_of_examples["examples/thumbnails"]}
    args = {"image": image, "lanes": LANES["one lane"], "sources": [{"topic": {"arn": arn}}], "fifo": True}
    stack.up({"args": args})
    stack.expect_no_changes()
    url = stack.outputs()["inbox_url"]
    assert url.endswith(".fifo")
    for number in range(5):
        client("sns").publish(TopicArn=arn, Message=str(number), MessageGroupId="g")
    bodies: list[str] = []

    def all_there() -> bool:
        for message in client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            bodies.append(message["Body"])
            client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return len(bodies) == 5

    assert processes.poll(all_there, SECONDS), bodies
    assert bodies == ["0", "1", "2", "3", "4"]


def source_of(body: dict[str, Any]) -> str:
    """Return the source that a body came from."""
    if body.get("detail-type") == "Object Created":
        return "bucket"
    if body.get("detail-type") == "Scheduled Event":
        return "schedule"
    return str(body["kind"] if "kind" in body else body["detail"]["kind"])


def mask_volatile(value: Any) -> Any:
    """Return a body with placeholders for the values that differ in every run."""
    if isinstance(value, dict):
        return {
            key: VOLATILE[key]
            if key in VOLATILE and not str(inner).startswith("<aws.scheduler")
            else mask_volatile(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [mask_volatile(item) for item in value]
    if isinstance(value, str):
        return re.sub(r"\b\d{12}\b", "<account>", value)
    return value
