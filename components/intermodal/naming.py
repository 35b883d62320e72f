"""Names that appear in a policy, and so are ours and not the engine's; the one place that knows their limits."""

import hashlib
import re

NAME = re.compile(r"[a-z][a-z0-9-]{0,33}")
"""Container functions. No upper case: a name becomes part of queue, role and Kubernetes names.

With a source's 16 characters, `-rule` and the engine's 8 of its own, 34 are what EventBridge's 64 for a rule leave
(EventBridge API reference, PutRule); roles (64) and queues (80) leave more.
"""

PART = re.compile(r"[a-z][a-z0-9]{0,15}")
"""Lanes and sources. No dash: function "scan" with lane "blue" must not meet function "scan-blue"."""

LAMBDA_FUNCTION = 64
"""Characters of a function name (Lambda API reference, CreateFunction, FunctionName)."""

SCHEDULE_GROUP = 64
"""Characters of a schedule group's name (EventBridge Scheduler API reference, CreateScheduleGroup)."""

HASH = 8


def fitted(name: str, limit: int) -> str:
    """`name`, or its beginning and a hash of the whole where it is longer than `limit` characters."""
    if len(name) <= limit:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:HASH]
    return f"{name[: limit - HASH - 1].rstrip('-')}-{digest}"


def lambda_function(project: str, stack: str, function: str, lane: str) -> str:
    """Name of the Lambda function of one lane; fixed because policies and trust conditions spell it."""
    return fitted(f"{project}-{stack}-{function}-{lane}", LAMBDA_FUNCTION)


def schedule_group(project: str, stack: str, source: str) -> str:
    """Name of the schedule group of one source (`{function}-{source}`); fixed because a role's trust spells it."""
    return fitted(f"{project}-{stack}-{source}", SCHEDULE_GROUP)
