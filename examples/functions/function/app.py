"""Log events for auditing."""

import json
from typing import Any


def handler(event: dict[str, Any], context: Any) -> None:  # noqa: ARG001 - the handler's signature
    """Handle a batch; each record is a message sent to the inbox or an event from the bus."""
    for record in event["Records"]:
        print(json.dumps({"message": "audited", "id": record["messageId"]}))
