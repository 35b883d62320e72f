"""Rows B1, B2 and B6 of the contract: records, attributes and event size."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intermodal_runtime.consumer.messages import Message, build_event, build_record, split
from tests.runtime.consumer.worker import ARN, make_message

FIFO = {"MessageGroupId": "g", "SequenceNumber": "18", "MessageDeduplicationId": "d"}


def test_record_has_exactly_lambdas_fields() -> None:
    """B1: names and order are the same as in the event that LocalStack recorded on AWS."""
    assert build_record(make_message(1), ARN) | {"attributes": {}} == {
        "messageId": "m1",
        "receiptHandle": "r1",
        "body": "body 1",
        "attributes": {},
        "messageAttributes": {},
        "md5OfBody": "0" * 32,
        "eventSource": "aws:sqs",
        "eventSourceARN": ARN,
        "awsRegion": "eu-central-1",
    }


def test_message_attributes_have_lambdas_shape_and_their_digest() -> None:
    """B1: binary values are base64, both lists are present and empty, the digest only if there are attributes."""
    message = make_message(1) | {
        "MessageAttributes": {
            "text": {"StringValue": "ä", "DataType": "String"},
            "bytes": {"BinaryValue": b"\x00\xff", "DataType": "Binary"},
        },
        "MD5OfMessageAttributes": "1" * 32,
    }
    record = build_record(message, ARN)
    lists: dict[str, list[str]] = {"stringListValues": [], "binaryListValues": []}
    assert record["messageAttributes"] == {
        "text": {"stringValue": "ä", **lists, "dataType": "String"},
        "bytes": {"binaryValue": base64.b64encode(b"\x00\xff").decode(), **lists, "dataType": "Binary"},
    }
    assert record["md5OfMessageAttributes"] == "1" * 32


def test_record_has_all_system_attributes() -> None:
    """B2: this includes FIFO attributes and the trace header."""
    record = build_record(make_message(1, AWSTraceHeader="Root=1-2-3", **FIFO), ARN)
    assert record["attributes"].keys() >= {"ApproximateReceiveCount", "SentTimestamp", "AWSTraceHeader", *FIFO}


def test_ten_one_mebibyte_messages_make_two_events() -> None:
    """B6: 6 MB is the largest event."""
    messages = [Message(make_message(number, "x" * 1024 * 1024), ARN) for number in range(10)]
    assert [len(part) for part in split(messages)] == [5, 5]


@given(st.lists(st.integers(1, 400), max_size=30), st.integers(300, 2000))
def test_events_keep_the_order_and_the_limit(sizes: list[int], limit: int) -> None:
    """B6: every event fits, unless a single message is too large; nothing is lost or reordered."""
    messages = [Message(make_message(at, "y" * size), ARN) for at, size in enumerate(sizes)]
    parts = list(split(messages, limit))
    assert [message for part in parts for message in part] == messages
    assert all(len(build_event(part)) <= limit or len(part) == 1 for part in parts)


@pytest.mark.parametrize("body", ["", "ü\u2028", '{"a": "\\u0000"}', "\x7f"])
def test_body_is_passed_unchanged(body: str) -> None:
    """Try any body that SQS accepts."""
    message = Message(make_message(1) | {"Body": body}, ARN)
    assert json.loads(build_event([message]))["Records"][0]["body"] == body
