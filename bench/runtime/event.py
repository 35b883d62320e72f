"""Define the test event: 1 KiB of JSON with one SQS record."""

import json

_BYTES = 1024
_RECORD = {"messageId": "19dd0b57-b21e-4ac1-bd88-01bbb068cb78", "eventSource": "aws:sqs", "awsRegion": "us-east-1"}


def _event() -> bytes:
    padding = _BYTES - len(json.dumps({"Records": [{**_RECORD, "body": ""}]}))
    return json.dumps({"Records": [{**_RECORD, "body": "x" * padding}]}).encode()


EVENT = _event()
