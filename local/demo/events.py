"""Send events through every source of the stack and find their results."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import boto3

from local import paths

PHOTOGRAPHS = paths.ROOT / "examples" / "photographs"
BUS_SIDES = (64, 200)
QUEUE_SIDES = (32, 96, 240)
TOPIC_SIDE = 128
REPORT = "every-minute-{}"
"""Request ID in a function's schedule; must match `__main__.py`."""


@dataclass(frozen=True, kw_only=True)
class Cloud:
    """A function's stack outputs and AWS clients with the deployer's credentials."""

    s3: Any
    events: Any
    sqs: Any
    sns: Any
    function: str
    bucket: str
    topic_arn: str
    inbox_url: str
    dead_letters_url: str

    @classmethod
    def of(cls, session: boto3.Session, endpoint: str, outputs: dict[str, Any], function: str) -> Self:
        """Create the clients for one function from the stack's outputs."""
        sqs = session.client("sqs", endpoint_url=endpoint)
        dead_letters = outputs[function]["dead_letters_arn"].rpartition(":")[2]
        return cls(
            s3=session.client("s3", endpoint_url=endpoint),
            events=session.client("events", endpoint_url=endpoint),
            sqs=sqs,
            sns=session.client("sns", endpoint_url=endpoint),
            function=function,
            bucket=outputs["bucket"],
            topic_arn=outputs["topic_arn"],
            inbox_url=outputs[function]["inbox_url"],
            dead_letters_url=sqs.get_queue_url(QueueName=dead_letters)["QueueUrl"],
        )


@dataclass(frozen=True, kw_only=True)
class Request:
    """A sent event."""

    id: str
    """`{run}-{what}`; `what` is the same on every target."""
    source: str
    photograph: str

    @property
    def what(self) -> str:
        """Part of the ID that is the same on every target."""
        return self.id.partition("-")[2]


@dataclass(kw_only=True)
class Tally:
    """Sent requests and their results; `look` updates the results."""

    requests: Sequence[Request]
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    failed: int = 0

    @property
    def settled(self) -> bool:
        """Whether every event was either handled or dead-lettered."""
        return len(self.results) + self.failed >= len(self.requests)

    def look(self, cloud: Cloud) -> None:
        """Read the results written so far and count the messages in the dead-letter queue."""
        for request in self.requests:
            if request.id not in self.results and (result := result_of(cloud, request.id)):
                self.results[request.id] = result
        name = "ApproximateNumberOfMessages"
        counts = cloud.sqs.get_queue_attributes(QueueUrl=cloud.dead_letters_url, AttributeNames=[name])
        self.failed = int(counts["Attributes"][name])

    def figures(self) -> dict[str, float]:
        """Return the counts, and the latency percentiles in milliseconds from SentTimestamp to completion."""
        sent, handled = len(self.requests), len(self.results)
        taken = sorted(result["seconds"] * 1000 for result in self.results.values())
        return {
            "sent": sent,
            "handled": handled,
            "failed": self.failed,
            "lost": max(0, sent - handled - self.failed),
            "p50_ms": percentile(taken, 50),
            "p95_ms": percentile(taken, 95),
        }


def send(cloud: Cloud, run: str) -> list[Request]:
    """Upload every photograph; request other sizes of it through the bus, the topic, and the queue."""
    requests = []
    for photograph in sorted(PHOTOGRAPHS.glob("*.jpg")):
        key = f"{cloud.function}/photographs/{run}-{photograph.stem}.jpg"
        cloud.s3.put_object(Bucket=cloud.bucket, Key=key, Body=photograph.read_bytes(), ContentType="image/jpeg")
        requests.append(Request(id=f"{run}-{photograph.stem}", source="bucket", photograph=photograph.name))
        requests += [_publish(cloud, run, photograph, key, side) for side in BUS_SIDES]
        requests.append(_notify(cloud, run, photograph, key))
        requests += [_enqueue(cloud, run, photograph, key, side) for side in QUEUE_SIDES]
    return requests


def _publish(cloud: Cloud, run: str, photograph: Path, key: str, side: int) -> Request:
    request = Request(id=f"{run}-{photograph.stem}-bus-{side}", source="bus", photograph=photograph.name)
    body = {"id": request.id, "bucket": cloud.bucket, "key": key, "largest_side": side, "grey": True}
    detail = {**body, "function": cloud.function}
    entry = {"Source": "demo", "DetailType": "ThumbnailRequested", "Detail": json.dumps(detail)}
    response = cloud.events.put_events(Entries=[entry])
    if response["FailedEntryCount"]:
        raise RuntimeError(f"EventBridge rejected an event: {response['Entries']}")
    return request


def _notify(cloud: Cloud, run: str, photograph: Path, key: str) -> Request:
    """Publish one message that matches the topic's filter and one that does not."""
    request = Request(id=f"{run}-{photograph.stem}-topic", source="topic", photograph=photograph.name)
    body = {"id": request.id, "source": "topic", "bucket": cloud.bucket, "key": key, "largest_side": TOPIC_SIDE}
    for function, name in ((cloud.function, request.id), ("none", f"{request.id}-filtered")):
        cloud.sns.publish(
            TopicArn=cloud.topic_arn,
            Message=json.dumps({**body, "id": name}),
            MessageAttributes={"function": {"DataType": "String", "StringValue": function}},
        )
    return request


def picture_of(cloud: Cloud, name: str) -> bytes:
    """Return the thumbnail for the request with this ID."""
    picture: bytes = cloud.s3.get_object(Bucket=cloud.bucket, Key=f"thumbnails/{name}.jpg")["Body"].read()
    return picture


def unfiltered(cloud: Cloud, requests: Sequence[Request]) -> list[str]:
    """Return the IDs of handled requests that the topic's filter should have rejected."""
    rejected = [
        Request(id=f"{request.id}-filtered", source="topic", photograph=request.photograph)
        for request in requests
        if request.source == "topic"
    ]
    return [request.id for request in rejected if result_of(cloud, request.id)]


def report_after(cloud: Cloud, moment: float) -> dict[str, Any] | None:
    """Return the report from the function's schedule if it is newer than `moment` (epoch seconds), or None."""
    found = result_of(cloud, REPORT.format(cloud.function))
    return found if found and found["time"] > moment else None


def _enqueue(cloud: Cloud, run: str, photograph: Path, key: str, side: int) -> Request:
    request = Request(id=f"{run}-{photograph.stem}-queue-{side}", source="queue", photograph=photograph.name)
    body = {"id": request.id, "bucket": cloud.bucket, "key": key, "largest_side": side}
    cloud.sqs.send_message(QueueUrl=cloud.inbox_url, MessageBody=json.dumps(body))
    return request


def result_of(cloud: Cloud, name: str) -> dict[str, Any] | None:
    """Return the function's result for the request with this ID, or None."""
    try:
        body = cloud.s3.get_object(Bucket=cloud.bucket, Key=f"results/{name}.json")["Body"].read()
    except cloud.s3.exceptions.NoSuchKey:
        return None
    result: dict[str, Any] = json.loads(body)
    return result


def percentile(ordered: Sequence[float], percent: int) -> float:
    """Return the nearest-rank percentile of sorted values, or 0 for an empty list."""
    if not ordered:
        return 0.0
    return round(ordered[math.ceil(len(ordered) * percent / 100) - 1], 1)
