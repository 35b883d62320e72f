"""Print the invoices that arrive."""

import json
from typing import Any


def handler(event: dict[str, Any], context: Any) -> None:  # noqa: ARG001 - the runtime's signature
    """Handle a batch; every record is one message of the existing queue."""
    for record in event["Records"]:
        print(json.dumps({"message": "invoice", "number": json.loads(record["body"])["number"]}))
