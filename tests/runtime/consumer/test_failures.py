"""Rows B3 and B4 of the contract: the failed messages in a batch."""

from pathlib import Path

import pytest

from intermodal_runtime.consumer.batch_responses import ADVICE, ROWS, BatchOutcome, Row
from intermodal_runtime.consumer.failures import LONGEST_REASON, judge_batch
from intermodal_runtime.consumer.messages import Message
from intermodal_runtime.invocation import Result, make_failure
from tests.runtime.consumer.worker import ARN, ScriptedQueue, consuming, make_message

MESSAGES = [Message(make_message(number), ARN) for number in range(3)]
ALL = ["m0", "m1", "m2"]
TABLE: list[tuple[str, list[str]]] = [
    ("", []),
    ("null", []),
    ("{}", []),
    (' {"x": 1} ', []),
    ('{"batchItemFailures": null}', []),
    ('{"batchItemFailures": []}', []),
    ('{"batchItemFailures": [{"itemIdentifier": "m1"}]}', ["m1"]),
    ('{"batchItemFailures": [{"itemIdentifier": "m1"}, {"itemIdentifier": "m1"}]}', ["m1"]),
    ('{"batchItemFailures": [{"itemIdentifier": "m2"}, {"itemIdentifier": "m0"}]}', ["m0", "m2"]),
    ('{"batchItemFailures": [{"itemIdentifier": ""}]}', ALL),
    ('{"batchItemFailures": [{"itemIdentifier": null}]}', ALL),
    ('{"batchItemFailures": [{"itemIdentifier": "unknown"}]}', ALL),
    ('{"batchItemFailures": [{"itemIdentifier": "m1"}, {"itemIdentifier": "unknown"}]}', ALL),
    ('{"batchItemFailures": [{"itemIdentifier": 1}]}', ALL),
    ('{"batchItemFailures": [{"other": "m1"}]}', ALL),
    ('{"batchItemFailures": ["m1"]}', ALL),
    ('{"batchItemFailures": [null]}', ALL),
    ('{"batchItemFailures": {"itemIdentifier": "m1"}}', ALL),
    ('{"batchItemFailures": "m1"}', ALL),
    ("[]", []),
    ('""', []),
    ("[null]", ALL),
    ("[[]]", ALL),
    ('"done"', ALL),
    ("17", ALL),
    ("0", ALL),
    ("false", ALL),
    ("{", ALL),
    ("[" * 100_000, ALL),
    ("\ud83d".encode("utf-8", "surrogatepass").decode("latin-1"), ALL),
]


@pytest.mark.parametrize(("answer", "failed"), TABLE)
def test_batch_response_truth_table(answer: str, failed: list[str]) -> None:
    """B3, with ReportBatchItemFailures: an invalid response fails the batch and never deletes it."""
    ends = judge_batch(Result("id", answer.encode()), MESSAGES, report_failures=True)
    assert [message.id for message in ends.failed] == failed
    assert [message.id for message in ends.done] == [name for name in ALL if name not in failed]
    assert bool(ends.reason) == bool(failed)


@pytest.mark.parametrize(("answer", "failed"), TABLE)
def test_response_is_ignored_without_report_batch_item_failures(answer: str, failed: list[str]) -> None:
    """B3: without an error, every message has succeeded, whatever the row expects."""
    ends = judge_batch(Result("id", answer.encode()), MESSAGES, report_failures=False)
    assert (ends.failed, [message.id for message in ends.done]) == ([], ALL), failed


@pytest.mark.parametrize("report_failures", [True, False])
@pytest.mark.parametrize("kind", ["ValueError", "Runtime.ExitError", "Sandbox.Timedout"])
def test_error_crash_or_timeout_fails_the_batch(kind: str, *, report_failures: bool) -> None:
    """Covers B4."""
    ends = judge_batch(make_failure("id", kind, "no", dispatched=True), MESSAGES, report_failures=report_failures)
    assert (ends.done, [message.id for message in ends.failed]) == ([], ALL)
    assert ends.reason.startswith(f"{kind}: ")


def test_long_error_is_truncated() -> None:
    """The report contains the error once per message, and log lines have a size limit."""
    endless = make_failure("r", "E", "x" * 1_000_000, dispatched=True)
    assert len(judge_batch(endless, [Message(make_message(1), ARN)], report_failures=True).reason) == LONGEST_REASON


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.answer)
def test_each_response_has_its_rows_outcome(row: Row) -> None:
    """P7: the same outcome as on Lambda, where documented."""
    ends = judge_batch(Result("id", row.answer.encode()), MESSAGES, report_failures=True)
    expected = {BatchOutcome.SUCCESS: [], BatchOutcome.PARTIAL: ["m1"], BatchOutcome.FAILURE: ALL}[row.outcome]
    assert [message.id for message in ends.failed] == expected
    assert bool(ends.warning) == (row.outcome is BatchOutcome.FAILURE)
    if ends.warning:
        assert ends.warning.endswith(ADVICE)


def test_every_row_is_on_the_batch_response_page() -> None:
    page = (Path(__file__).parents[3] / "docs" / "answers.md").read_text()
    for row in ROWS:
        assert f"| `{row.answer or ' '}` | {row.outcome.value} | {row.source} |" in page


async def test_invalid_response_is_warned_about_once() -> None:
    queue = ScriptedQueue([make_message(1)], [make_message(2)])
    async with consuming(queue) as worker:
        client = await worker.client()
        for _ in range(2):
            event = await worker.take(client)
            await client.answer(event.request_id, b'"OK"')
        await worker.until(lambda: len(worker.reports()) == 2)
        warnings = [line["message"] for line in worker.lines if line.get("level") == "WARNING"]
        assert len(warnings) == 1
        assert "got a string" in warnings[0]
        assert ADVICE in warnings[0]
        assert queue.deleted == []
