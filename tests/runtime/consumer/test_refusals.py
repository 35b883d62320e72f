"""The consumer reacts to SQS errors by error code."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from intermodal_runtime.consumer.queue import QueueGoneError, QueueUnavailableError
from intermodal_runtime.consumer.sqs import _parse_error as error_of


def error_response(status: int, code: str, header: str = "", message: str = "no") -> Any:
    """Return a JSON protocol error, with the query protocol's code in a header, as SQS sends it."""
    body = {"__type": code, "message": message}
    headers = {"x-amzn-query-error": header} if header else {}
    return SimpleNamespace(status_code=status, content=json.dumps(body).encode(), headers=headers, text="")


@pytest.mark.parametrize("header", ["", "OverLimit;Sender"])
def test_receives_over_the_in_flight_limit_are_retried(header: str) -> None:
    """B17: at most 120,000 messages are in flight, and hours of work reach that; B14 describes the retries."""
    found = error_of(error_response(403, "com.amazonaws.sqs#OverLimit", header))
    assert isinstance(found, QueueUnavailableError)
    assert str(found) == "OverLimit: no"


@pytest.mark.parametrize(
    ("code", "header"),
    [
        ("com.amazonaws.sqs#QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue;Sender"),
        ("com.amazonaws.sqs#QueueDoesNotExist", ""),
    ],
)
def test_missing_queue_counts_as_gone(code: str, header: str) -> None:
    assert isinstance(error_of(error_response(400, code, header)), QueueGoneError)


def test_non_json_response_is_reported_by_status() -> None:
    page = SimpleNamespace(status_code=502, content=b"<html>", headers={}, text="<html>")
    assert str(error_of(page)) == "status 502: <html>"
