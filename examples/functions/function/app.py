"""Print events for an audit."""

import json
from typing import Any


def handler(event: dict[str, Any], context: Any) -> None:  # noqa: ARG001 - the runtime's signature
    """Handle a batch; every record is a message sent to the inbox or an event from the bus."""
    for record in event["Records"]:
        print(json.dumps({"message": "audited", "id": record["messageId"]}))
