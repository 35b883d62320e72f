"""What patches of ministack's EC2 have in common."""

import random
import re
from collections.abc import Callable, Sequence
from typing import Any

EC2 = "ministack.services.ec2"

EXPECTED: dict[tuple[str, str], Sequence[str]] = {
    (EC2, "_p"): ("params", "key", "default"),
    (EC2, "_xml"): ("status", "root_tag", "inner"),
    (EC2, "_error"): ("code", "message", "status"),
}

Answer = tuple[int, dict[str, str], bytes]


def accepted(ec2: Any, action: str, inner: str) -> Answer:
    """What EC2 says when it did it."""
    answer: Answer = ec2._xml(200, f"{action}Response", inner)
    return answer


def refused(ec2: Any, code: str, message: str) -> Answer:
    """What EC2 says when it does not."""
    answer: Answer = ec2._error(code, message, 400)
    return answer


def serve(ec2: Any, action: str, handler: Callable[[Any], Answer]) -> None:
    """Answer an action."""
    ec2._ACTION_MAP[action] = handler


def made_id(answer: Answer, element: str) -> str | None:
    """The id in an answer that made something; None in an error."""
    found = re.search(f"<{element}>([^<]+)</{element}>".encode(), answer[2])
    return found[1].decode() if answer[0] == 200 and found else None


def hex_digits(digits: int) -> str:
    """A random number, as ids have it."""
    return f"{random.getrandbits(4 * digits):0{digits}x}"


def within(xml: str, tag: str, more: str) -> str:
    """More children at the end of an element."""
    return xml.removesuffix(f"</{tag}>") + more + f"</{tag}>"
