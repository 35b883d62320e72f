"""Greet the name in each message."""

import json
from typing import Any


def handler(event: dict[str, Any], context: Any) -> None:  # noqa: ARG001 - the runtime's signature
    """Handle a batch of messages; printed lines go to the function's log group."""
    for record in event["Records"]:
        print(json.dumps({"message": f"Hello {json.loads(record['body'])['name']}!"}))
