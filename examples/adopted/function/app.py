"""Print received invoices."""

import json
from typing import Any


def handler(event: dict[str, Any], context: Any) -> None:  # noqa: ARG001 - the handler's signature
    """Handle a batch; each record is one message from the existing queue."""
    for record in event["Records"]:
        print(json.dumps({"message": "invoice", "number": json.loads(record["body"])["number"]}))
