"""What becomes of a batch by what its handler answered, as data: an example of each kind, the verdict and its source.

Lambda's verdict wherever it is known. Where it is not, the batch is retried: a retry costs work and ends in the dead
letters, where the message can be found; a delete that Lambda would not have done loses it for good.
"""

from enum import Enum
from typing import NamedTuple

GUIDE = "Lambda guide, Handling errors for an SQS event source, success and failure conditions"
RECORDED = "LocalStack's tests recorded on AWS, event source mappings of streams"
SCHEMA = "follows from the guide's response syntax"
UNKNOWN = "not known for Lambda; retried, because a delete would be final"


class Verdict(Enum):
    """What becomes of the messages."""

    SUCCESS = "all deleted"
    PARTIAL = "the named ones retried"
    FAILURE = "all retried"


class Row(NamedTuple):
    """One kind of answer."""

    answer: str
    """An example as the runtime client posts it; the batch is of messages m0, m1 and m2."""
    verdict: Verdict
    source: str


ROWS = (
    Row("", Verdict.SUCCESS, GUIDE),
    Row("null", Verdict.SUCCESS, GUIDE),
    Row("{}", Verdict.SUCCESS, GUIDE),
    Row('{"batchItemFailures": []}', Verdict.SUCCESS, GUIDE),
    Row('{"batchItemFailures": null}', Verdict.SUCCESS, GUIDE),
    Row('{"statusCode": 200}', Verdict.SUCCESS, GUIDE),
    Row("[]", Verdict.SUCCESS, RECORDED),
    Row('""', Verdict.SUCCESS, RECORDED),
    Row('{"batchItemFailures": [{"itemIdentifier": "m1"}]}', Verdict.PARTIAL, GUIDE),
    Row('{"batchItemFailures": [{"itemIdentifier": ""}]}', Verdict.FAILURE, GUIDE),
    Row('{"batchItemFailures": [{"itemIdentifier": null}]}', Verdict.FAILURE, GUIDE),
    Row('{"batchItemFailures": [{"id": "m1"}]}', Verdict.FAILURE, GUIDE),
    Row('{"batchItemFailures": [{"itemIdentifier": "unknown"}]}', Verdict.FAILURE, GUIDE),
    Row('{"batchItemFailures": [{"itemIdentifier": 123}]}', Verdict.FAILURE, RECORDED),
    Row('{"batchItemFailures": "m1"}', Verdict.FAILURE, SCHEMA),
    Row('{"batchItemFailures": ["m1"]}', Verdict.FAILURE, SCHEMA),
    Row("{", Verdict.FAILURE, GUIDE),
    Row('"OK"', Verdict.FAILURE, UNKNOWN),
    Row("[null, null]", Verdict.FAILURE, UNKNOWN),
    Row("200", Verdict.FAILURE, UNKNOWN),
    Row("true", Verdict.FAILURE, UNKNOWN),
)

ADVICE = 'return {"batchItemFailures": []} where all succeeded, or nothing'
