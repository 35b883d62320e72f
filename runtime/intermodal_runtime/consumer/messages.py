"""Represent SQS messages and build Lambda events from them."""

import base64
import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .settings import MAXIMUM_EVENT_BYTES

_AROUND = len('{"Records":[]}')


class Message:
    """A received message; each receive of the same message creates a separate object."""

    __slots__ = ("group", "id", "receipt", "receive_count", "received", "record", "sent_ms", "text", "trace_id")

    def __init__(self, raw: Mapping[str, Any], queue_arn: str, received: float | None = None) -> None:
        """Parse a message from ReceiveMessage; `received` is a monotonic time, by default the current time."""
        attributes = raw.get("Attributes", {})
        self.id: str = raw["MessageId"]
        self.receipt: str = raw["ReceiptHandle"]
        self.record = build_record(raw, queue_arn)
        self.text = json.dumps(self.record, separators=(",", ":"))
        """The record as JSON, rendered once for computing the size and building the event."""
        self.received = time.monotonic() if received is None else received
        self.receive_count = int(attributes.get("ApproximateReceiveCount", "1"))
        self.sent_ms = int(attributes.get("SentTimestamp", "0"))
        self.group: str = attributes.get("MessageGroupId", "")
        self.trace_id: str = attributes.get("AWSTraceHeader", "")

    def __repr__(self) -> str:
        """Return a short representation for logs and test failures."""
        return f"Message({self.id}, receive {self.receive_count})"


def build_record(raw: Mapping[str, Any], queue_arn: str) -> dict[str, Any]:
    """Return a message's record in Lambda's SQS event.

    Source: the event that LocalStack recorded on AWS on 2025-11-25 (its snapshot tests), and events/sqs.go of
    aws-lambda-go for the names.
    """
    record = {
        "messageId": raw["MessageId"],
        "receiptHandle": raw["ReceiptHandle"],
        "body": raw["Body"],
        "attributes": dict(raw.get("Attributes", {})),
        "messageAttributes": {
            name: _render_attribute(value) for name, value in raw.get("MessageAttributes", {}).items()
        },
        "md5OfBody": raw.get("MD5OfBody", ""),
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": queue_arn.split(":")[3],
    }
    if "MD5OfMessageAttributes" in raw:
        record["md5OfMessageAttributes"] = raw["MD5OfMessageAttributes"]
    return record


def _render_attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    if "StringValue" in value:
        shown["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        shown["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode()
    return shown | {"stringListValues": [], "binaryListValues": [], "dataType": value["DataType"]}


def build_event(messages: Iterable[Message]) -> bytes:
    """Return the event as JSON."""
    return b'{"Records":[' + ",".join(message.text for message in messages).encode() + b"]}"


def size_of(message: Message) -> int:
    """Return the number of bytes that a message adds to an event."""
    return len(message.text.encode()) + 1


def split(messages: Sequence[Message], maximum_bytes: int = MAXIMUM_EVENT_BYTES) -> Iterator[list[Message]]:
    """Split messages, in order, into events of at most `maximum_bytes`; a larger message forms a separate event."""
    part: list[Message] = []
    total = _AROUND
    for message in messages:
        size = size_of(message)
        if part and total + size > maximum_bytes:
            yield part
            part, total = [], _AROUND
        part.append(message)
        total += size
    if part:
        yield part
