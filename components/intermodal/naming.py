"""Names that appear in a policy, and so are ours and not the engine's; the one place that knows their limits."""

import hashlib
import re

NAME = re.compile(r"[a-z][a-z0-9-]{0,29}")
"""Container functions. No upper case: a name becomes part of queue, role and Kubernetes names.

With a source's 16 characters, `-schedule` and the engine's 8 of its own, 30 are what the 64 of a schedule leave
(EventBridge Scheduler API reference, CreateSchedule); a rule's and a role's 64 leave more, a queue's 80 too.
"""

PART = re.compile(r"[a-z][a-z0-9]{0,15}")
"""Lanes and sources. No dash: function "scan" with lane "blue" must not meet function "scan-blue"."""

LAMBDA_FUNCTION = 64
"""Characters of a function name (Lambda API reference, CreateFunction, FunctionName)."""

SCHEDULE_GROUP = 64
"""Characters of a schedule group's name (EventBridge Scheduler API reference, CreateScheduleGroup)."""

HASH = 8


def fitted(name: str, limit: int) -> str:
    """`name`; where it is too long or has other characters (stack names may hold dots), a like one and a hash of it."""
    allowed = re.sub(r"[^A-Za-z0-9_-]", "-", name)
    if allowed == name and len(name) <= limit:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:HASH]
    return f"{allowed[: limit - HASH - 1].rstrip('-')}-{digest}"


def lambda_function(project: str, stack: str, function: str, lane: str) -> str:
    """Name of the Lambda function of one lane; fixed because policies and trust conditions spell it."""
    return fitted(f"{project}-{stack}-{function}-{lane}", LAMBDA_FUNCTION)


def schedule_group(project: str, stack: str, source: str) -> str:
    """Name of the schedule group of one source (`{function}-{source}`); fixed because a role's trust spells it."""
    return fitted(f"{project}-{stack}-{source}", SCHEDULE_GROUP)
