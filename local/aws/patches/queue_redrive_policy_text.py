"""Return a redrive policy as JSON without spaces.

AWS: https://docs.aws.amazon.com/cli/latest/reference/sqs/get-queue-attributes.html

The page's example shows this format. ministack returns the string that it received, so a provider that compares strings
detects a change.
"""

import json
from typing import Any

from local.aws.expected import Expected

MODULE = "ministack.services.sqs"

EXPECTED: Expected = {
    (MODULE, "_act_get_queue_attributes"): ("data", "qurl"),
}


def apply(sqs: Any) -> None:
    """Patch ministack's sqs module."""
    get = sqs._act_get_queue_attributes

    def get_queue_attributes(data: dict[str, Any], qurl: str) -> dict[str, Any]:
        answer: dict[str, Any] = get(data, qurl)
        found = answer.get("Attributes", {})
        compact = {
            name: json.dumps(json.loads(found[name]), separators=(",", ":"))
            for name in ("RedrivePolicy", "RedriveAllowPolicy")
            if found.get(name)
        }
        return {**answer, "Attributes": {**found, **compact}} if compact else answer

    sqs._act_get_queue_attributes = get_queue_attributes
    sqs._HANDLERS["GetQueueAttributes"] = get_queue_attributes
