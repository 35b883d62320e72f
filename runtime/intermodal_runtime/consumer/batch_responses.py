"""Batch outcomes for each kind of handler response, as data: an example, its outcome and source.

The outcome is Lambda's wherever it is known. Otherwise the batch is retried: a retry costs work and ends in the
dead-letter queue, where the message can be found. If a message is deleted that Lambda would have kept, it is lost for
good.
"""

from enum import Enum
from typing import NamedTuple

GUIDE = "Lambda guide, Handling errors for an SQS event source, success and failure conditions"
RECORDED = "LocalStack's tests recorded on AWS, event source mappings of streams"
SCHEMA = "follows from the guide's response syntax"
UNKNOWN = "not known for Lambda; retried, because a delete would be final"


class BatchOutcome(Enum):
    """A batch's outcome."""

    SUCCESS = "all deleted"
    PARTIAL = "the named ones retried"
    FAILURE = "all retried"


class Row(NamedTuple):
    """A kind of response."""

    answer: str
    """An example as the runtime client posts it, for a batch of messages m0, m1 and m2."""
    outcome: BatchOutcome
    source: str


ROWS = (
    Row("", BatchOutcome.SUCCESS, GUIDE),
    Row("null", BatchOutcome.SUCCESS, GUIDE),
    Row("{}", BatchOutcome.SUCCESS, GUIDE),
    Row('{"batchItemFailures": []}', BatchOutcome.SUCCESS, GUIDE),
    Row('{"batchItemFailures": null}', BatchOutcome.SUCCESS, GUIDE),
    Row('{"statusCode": 200}', BatchOutcome.SUCCESS, GUIDE),
    Row("[]", BatchOutcome.SUCCESS, RECORDED),
    Row('""', BatchOutcome.SUCCESS, RECORDED),
    Row('{"batchItemFailures": [{"itemIdentifier": "m1"}]}', BatchOutcome.PARTIAL, GUIDE),
    Row('{"batchItemFailures": [{"itemIdentifier": ""}]}', BatchOutcome.FAILURE, GUIDE),
    Row('{"batchItemFailures": [{"itemIdentifier": null}]}', BatchOutcome.FAILURE, GUIDE),
    Row('{"batchItemFailures": [{"id": "m1"}]}', BatchOutcome.FAILURE, GUIDE),
    Row('{"batchItemFailures": [{"itemIdentifier": "unknown"}]}', BatchOutcome.FAILURE, GUIDE),
    Row('{"batchItemFailures": [{"itemIdentifier": 123}]}', BatchOutcome.FAILURE, RECORDED),
    Row('{"batchItemFailures": "m1"}', BatchOutcome.FAILURE, SCHEMA),
    Row('{"batchItemFailures": ["m1"]}', BatchOutcome.FAILURE, SCHEMA),
    Row("{", BatchOutcome.FAILURE, GUIDE),
    Row('"OK"', BatchOutcome.FAILURE, UNKNOWN),
    Row("[null, null]", BatchOutcome.FAILURE, UNKNOWN),
    Row("200", BatchOutcome.FAILURE, UNKNOWN),
    Row("true", BatchOutcome.FAILURE, UNKNOWN),
)

ADVICE = 'return {"batchItemFailures": []} if all succeeded, or nothing'
