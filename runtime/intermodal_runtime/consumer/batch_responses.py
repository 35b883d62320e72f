"""Define the batch outcome for each kind of handler response, with an example and a source.

The outcome is the same as on Lambda wherever that is known. Otherwise, the batch is retried: retries cost time and end
in the dead-letter queue, where the messages can be inspected. A message that is deleted, although Lambda would have
kept it, is lost.
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
    """An example of a response and its outcome."""

    answer: str
    """Response that the runtime client posts for a batch with the messages m0, m1 and m2."""
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
