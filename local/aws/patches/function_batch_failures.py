"""Fail the whole batch if the function returns a malformed batch response.

AWS: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html

ministack deletes the messages in the batch.
"""

import contextvars
from typing import Any

from local.aws.expected import Expected

MODULE = "ministack.services.lambda_svc"

_BATCH_IDS: contextvars.ContextVar[frozenset[str] | None] = contextvars.ContextVar("batch", default=None)

EXPECTED: Expected = {
    (MODULE, "_execute_function"): ("func", "event"),
    (MODULE, "_run_sqs_batch"): ("esm", "func_rec", "event", "batch", "queue_url", "queue_name"),
}


def apply(lambda_svc: Any) -> None:
    """Patch ministack's lambda_svc module."""
    run_batch, execute = lambda_svc._run_sqs_batch, lambda_svc._execute_function

    def run_sqs_batch(esm: dict[str, Any], func_rec: Any, event: Any, *rest: Any) -> None:
        reports = "ReportBatchItemFailures" in esm.get("FunctionResponseTypes", [])
        ids = frozenset(record["messageId"] for record in event["Records"]) if reports else None
        token = _BATCH_IDS.set(ids)
        try:
            run_batch(esm, func_rec, event, *rest)
        finally:
            _BATCH_IDS.reset(token)

    def execute_function(func: dict[str, Any], event: object) -> dict[str, Any]:
        result: dict[str, Any] = execute(func, event)
        ids = _BATCH_IDS.get()
        if ids is None or result.get("error"):
            return result
        if not understood(body := result.get("body"), ids):
            message = "The batch response is malformed, so the whole batch failed"
            return {**result, "error": True, "body": {"errorType": "Function.BatchResponse", "errorMessage": message}}
        # On AWS, a null list means no failures; ministack would fail to iterate over it.
        return result if body and body.get("batchItemFailures") else {**result, "body": {}}

    lambda_svc._run_sqs_batch, lambda_svc._execute_function = run_sqs_batch, execute_function


def understood(body: object, ids: frozenset[str]) -> bool:
    """Return whether AWS accepts a batch response: it is empty or contains only message IDs from the batch."""
    if body in (None, "", {}):
        return True
    if not isinstance(body, dict):
        return False
    failures = body.get("batchItemFailures")
    if failures is None:
        return True
    if not isinstance(failures, list):
        return False
    return all(isinstance(failure, dict) and failure.get("itemIdentifier") in ids for failure in failures)
