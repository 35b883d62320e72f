"""The test event: an SQS event with one record, in total 1 KiB of JSON."""

import json

_BYTES = 1024
_RECORD = {"messageId": "19dd0b57-b21e-4ac1-bd88-01bbb068cb78", "eventSource": "aws:sqs", "awsRegion": "us-east-1"}


def _event() -> bytes:
    padding = _BYTES - len(json.dumps({"Records": [{**_RECORD, "body": ""}]}))
    return json.dumps({"Records": [{**_RECORD, "body": "x" * padding}]}).encode()


EVENT = _event()
