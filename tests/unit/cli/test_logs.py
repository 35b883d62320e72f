"""`intermodal logs` prints each line once, oldest first, in a readable format."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intermodal.cli import lines
from intermodal.cli.tail import LATE_MILLISECONDS, Tail
from tests.unit.cli.conftest import Aws, Engine, Intermodal

WHEN = 1_785_400_000_123


def event(message: str, when: int = WHEN, stream: str = "2026/07/30/[$LATEST]0123456789abcdef") -> dict[str, Any]:
    """Return an event as CloudWatch Logs does."""
    return {"eventId": f"{when}-{message}", "timestamp": when, "logStreamName": stream, "message": message}


def test_lines_are_paged_oldest_first(engine: Engine, aws: Aws, intermodal: Intermodal) -> None:
    aws.answers["FilterLogEvents"] = (200, {"events": [event("second", WHEN + 1), event("first")]})
    code, out, error = intermodal("logs", "hello", "--since", "2h")
    assert (code, error) == (0, "")
    assert out == "2026-07-30 08:26:40.123Z 89abcdef first\n2026-07-30 08:26:40.124Z 89abcdef second\n"
    ((_, asked),) = aws.requests
    assert asked["logGroupName"] == "hello-logs"


def test_no_lines_are_no_error(engine: Engine, aws: Aws, intermodal: Intermodal) -> None:
    aws.answers["FilterLogEvents"] = (200, {"events": []})
    error = "no lines in the last 600 s; use --since, such as --since 1d, to look further back\n"
    assert intermodal("logs", "hello") == (0, "", error)


def test_missing_log_group_is_reported(engine: Engine, aws: Aws, intermodal: Intermodal) -> None:
    answer = {"__type": "ResourceNotFoundException", "message": "No such log group"}
    aws.answers["FilterLogEvents"] = (400, answer)
    error = 'error: function "hello" is in the state of stack dev but not in AWS (No such log group); run '
    assert intermodal("logs", "hello") == (1, "", f"{error}`pulumi up --refresh --stack dev`.\n")


TEXTS = {
    "START RequestId: 1\n": "START RequestId: 1",
    '{"message": "Hello Ada!"}\n': "Hello Ada!",
    '{"level": "INFO", "message": "paid", "timestamp": "2026", "order": 7, "who": "Ada L"}': (
        'INFO paid order=7 who="Ada L"'
    ),
    '{"event": {"id": 1}}': 'event={"id": 1}',
    '{"message": {"id": 1}}': '{"id": 1}',
    "[1, 2]": "[1, 2]",
    "{}": "{}",
    "{half": "{half",
    '{"errorType": "KeyError", "errorMessage": "name", "stackTrace": ["  File x\\n    y\\n", "  z\\n"]}': (
        "KeyError name\n      File x\n        y\n      z"
    ),
    '{"message": "two\\nlines", "order": 7}': "order=7\n    two\n    lines",
    '{"names": ["Ada", "Grace"]}': 'names=["Ada", "Grace"]',
    '{"time": "2026", "type": "platform.report", "record": {"requestId": "1", "metrics": {"durationMs": 0.8}, '
    '"status": "error", "errorType": "KeyError"}}': "platform.report error KeyError requestId=1 durationMs=0.8",
    '{"type": "order", "status": 7}': "type=order status=7",
    "Traceback:\r  in f\r": "Traceback:\n  in f",
}


@pytest.mark.parametrize("message", TEXTS)
def test_json_from_the_handler_is_formatted(message: str) -> None:
    assert lines.format_message(message) == TEXTS[message]


class Group:
    """A log group: events by the time at which they become visible, in pages of two."""

    def __init__(self, arrivals: list[tuple[int, int]]) -> None:
        self.arrivals = arrivals
        self.now = 0

    def get_paginator(self, operation: str) -> "Group":
        assert operation == "filter_log_events"
        return self

    def paginate(self, *, logGroupName: str, startTime: int) -> Iterator[dict[str, Any]]:  # noqa: N803 - boto3's
        assert logGroupName == "hello-logs"
        seen = [
            event(f"event {number}", when)
            for number, (when, late) in enumerate(self.arrivals)
            if when >= startTime and when + late <= self.now
        ]
        for start in range(0, len(seen) + 1, 2):
            yield {"events": seen[start : start + 2]}


MINUTES = 5 * 60_000
ARRIVALS = st.lists(st.tuples(st.integers(0, MINUTES), st.integers(0, LATE_MILLISECONDS - 1)), max_size=30)


@given(ARRIVALS, st.lists(st.integers(0, MINUTES), max_size=20))
def test_no_line_is_lost_and_none_is_repeated(arrivals: list[tuple[int, int]], asked: list[int]) -> None:
    group = Group(arrivals)
    tail = Tail(group, "hello-logs", 0, clock=lambda: group.now)  # type: ignore[arg-type]
    shown: list[str] = []
    for now in [*sorted(asked), MINUTES + LATE_MILLISECONDS]:
        group.now = now
        shown += [each["message"] for each in tail.fetch_new()]
    assert sorted(shown) == sorted(f"event {number}" for number in range(len(arrivals)))


def test_clock_that_is_ahead_hides_no_lines() -> None:
    group = Group([(1_000_000, -1_000_000), (100_001, 0)])
    tail = Tail(group, "hello-logs", 0, clock=lambda: group.now)  # type: ignore[arg-type]
    group.now = 100_000
    assert [each["timestamp"] for each in tail.fetch_new()] == [1_000_000]
    group.now = 100_002
    assert [each["timestamp"] for each in tail.fetch_new()] == [100_001]
