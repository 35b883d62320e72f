"""Determine the failed messages in a batch from the function's response."""

import json
from collections.abc import Sequence

from intermodal_runtime.invocation import Result

from .batch_responses import ADVICE
from .messages import Message

TYPE_NAMES = {list: "a list", str: "a text", int: "a number", float: "a number", bool: "a boolean"}
LONGEST_REASON = 1000
"""Maximum characters in a reason. Reports repeat it per message, and awslogs splits lines longer than 256 KiB."""


class BatchResult:
    """The successful and failed messages of one event."""

    __slots__ = ("done", "failed", "reason", "warning")

    def __init__(self, done: list[Message], failed: list[Message], reason: str = "", warning: str = "") -> None:
        self.done = done
        self.failed = failed
        self.reason = reason
        """Reason for the failure, which is logged with the message IDs."""
        self.warning = warning
        """Advice for the handler's author, which is the same for all responses of this kind."""


def judge_batch(result: Result, messages: Sequence[Message], *, report_failures: bool) -> BatchResult:
    """Divide a batch into successful and failed messages as an event source mapping does.

    A failed event fails the whole batch. Without ReportBatchItemFailures, the response is ignored. With it,
    `batch_responses` lists the outcome of each kind of response and its source.
    """
    if not result.ok:
        return BatchResult([], list(messages), f"{result.error_type}: {result.error_message}"[:LONGEST_REASON])
    if not report_failures:
        return BatchResult(list(messages), [])
    try:
        named = parse_failed_ids(result.payload, {message.id for message in messages})
    except ValueError as error:
        warning = f"the handler's response is invalid and its batch is retried: {error}; {ADVICE}"
        return BatchResult([], list(messages), f"Function.BatchResponse: {error}", warning)
    failed = [message for message in messages if message.id in named]
    done = [message for message in messages if message.id not in named]
    return BatchResult(done, failed, "Function.BatchItemFailure: named in batchItemFailures" if failed else "")


def parse_failed_ids(payload: bytes, ids: set[str]) -> set[str]:
    """Return the message IDs in a batch response; raise ValueError if it is malformed."""
    if not payload.strip():
        return set()
    try:
        answer = json.loads(payload)
    except (ValueError, RecursionError) as error:  # RecursionError for deep nesting
        raise ValueError(f"the response is not JSON: {error}") from None
    if answer is None or answer in ({}, [], ""):
        return set()
    if not isinstance(answer, dict):
        kind = TYPE_NAMES.get(type(answer), "something else")
        raise ValueError(f"the response must be an object with batchItemFailures, got {kind}")  # noqa: TRY004
    failures = answer.get("batchItemFailures")
    if failures is None:
        return set()
    if not isinstance(failures, list):
        raise ValueError("batchItemFailures must be a list")  # noqa: TRY004 - one error type for malformed responses
    named = set()
    for failure in failures:
        identifier = failure.get("itemIdentifier") if isinstance(failure, dict) else None
        if not isinstance(identifier, str) or identifier not in ids:
            raise ValueError(f"itemIdentifier must be the messageId of a record of this batch, got {identifier!r}")
        named.add(identifier)
    return named
