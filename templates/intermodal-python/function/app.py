"""Greet the name in each message."""

import json
from typing import Any


def handler(event: dict[str, Any], context: Any) -> None:  # noqa: ARG001 - the handler's signature
    """Handle a batch of messages; printed lines are sent to the function's log group."""
    for record in event["Records"]:
        print(json.dumps({"message": f"Hello {json.loads(record['body'])['name']}!"}))
