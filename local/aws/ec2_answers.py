"""Build responses in the format of ministack's EC2, for its patches."""

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
    """Return the response to a successful action."""
    answer: Answer = ec2._xml(200, f"{action}Response", inner)
    return answer


def respond_error(ec2: Any, code: str, message: str) -> Answer:
    """Return an error response."""
    answer: Answer = ec2._error(code, message, 400)
    return answer


def serve(ec2: Any, action: str, handler: Callable[[Any], Answer]) -> None:
    """Register an action's handler."""
    ec2._ACTION_MAP[action] = handler


def find_created_id(answer: Answer, element: str) -> str | None:
    """Return the id from the response to a create call, or None for an error."""
    found = re.search(f"<{element}>([^<]+)</{element}>".encode(), answer[2])
    return found[1].decode() if answer[0] == 200 and found else None


def hex_digits(digits: int) -> str:
    """Return random hexadecimal digits, for a resource id."""
    return f"{random.getrandbits(4 * digits):0{digits}x}"


def append_children(xml: str, tag: str, more: str) -> str:
    """Return an element with children appended."""
    return xml.removesuffix(f"</{tag}>") + more + f"</{tag}>"
