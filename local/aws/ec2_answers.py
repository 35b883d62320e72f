"""Build responses in the format of ministack's EC2 API, for its patches."""

import random
import re
from collections.abc import Callable
from typing import Any

from local.aws.expected import Expected

EC2 = "ministack.services.ec2"

EXPECTED: Expected = {
    (EC2, "_p"): ("params", "key", "default"),
    (EC2, "_xml"): ("status", "root_tag", "inner"),
    (EC2, "_error"): ("code", "message", "status"),
}

Answer = tuple[int, dict[str, str], bytes]


def respond(ec2: Any, action: str, inner: str) -> Answer:
    """Return the response for a successful action."""
    answer: Answer = ec2._xml(200, f"{action}Response", inner)
    return answer


def respond_error(ec2: Any, code: str, message: str) -> Answer:
    """Return an error response with status 400."""
    answer: Answer = ec2._error(code, message, 400)
    return answer


def serve(ec2: Any, action: str, handler: Callable[[Any], Answer]) -> None:
    """Register the handler for an API action."""
    ec2._ACTION_MAP[action] = handler


def find_created_id(answer: Answer, element: str) -> str | None:
    """Return the resource ID in the response to a create call, or None if the response is an error."""
    found = re.search(f"<{element}>([^<]+)</{element}>".encode(), answer[2])
    return found[1].decode() if answer[0] == 200 and found else None


def hex_digits(digits: int) -> str:
    """Return random hexadecimal digits for a resource ID."""
    return f"{random.getrandbits(4 * digits):0{digits}x}"


def append_children(xml: str, tag: str, more: str) -> str:
    """Return the XML element `tag` with children appended."""
    return xml.removesuffix(f"</{tag}>") + more + f"</{tag}>"
