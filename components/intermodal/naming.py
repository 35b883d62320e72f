"""Names that appear in a policy, and so are ours and not the engine's; the one place that knows their limits."""

import hashlib
import re
from dataclasses import dataclass

NAME = re.compile(r"[a-z][a-z0-9-]{0,29}")
"""Container functions. No upper case: a name becomes part of queue, role and Kubernetes names.

With a source's 16 characters, `-schedule` and the engine's 8 of its own, 30 are what the 64 of a schedule leave
(EventBridge Scheduler API reference, CreateSchedule); a rule's and a role's 64 leave more, a queue's 80 too.
"""

PART = re.compile(r"[a-z][a-z0-9]{0,15}")
"""Lanes and sources. No dash: function "scan" with lane "blue" must not meet function "scan-blue"."""

PLATFORM = re.compile(r"(?!sg-)[a-z][a-z0-9-]{0,38}[a-z0-9]|[a-z]")
"""Platforms. A ResourceFlavor, a ClusterQueue and a NodePool have this name, and Kubernetes takes no capitals; with
`-external-secrets-role` and the engine's 8 characters, 40 leave a role's 64 (IAM API reference, CreateRole)."""

LAMBDA_FUNCTION = 64
"""Characters of a function name (Lambda API reference, CreateFunction, FunctionName)."""

RULE = 64
"""Characters of a rule's name (EventBridge API reference, PutRule)."""

TASK_FAMILY = 255
"""Characters of a task definition's family (ECS API reference, RegisterTaskDefinition)."""

SCHEDULE_GROUP = 64
"""Characters of a schedule group's name (EventBridge Scheduler API reference, CreateScheduleGroup)."""

KUBERNETES = 200
"""Characters of what we name in Kubernetes, of the 253 of a DNS subdomain, so that a lane and a suffix fit."""

LABEL = 63
"""Characters of a label's value (Kubernetes documentation, Labels and Selectors)."""

HASH = 8


def shorten(name: str, limit: int) -> str:
    """`name`; where it is too long or has other characters (stack names may hold dots), a like one and a hash of it."""
    allowed = re.sub(r"[^A-Za-z0-9_-]", "-", name)
    if allowed == name and len(name) <= limit:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:HASH]
    return f"{allowed[: limit - HASH - 1].rstrip('-')}-{digest}"


def lambda_function(project: str, stack: str, function: str, lane: str) -> str:
    """Name of the Lambda function of one lane; fixed because policies and trust conditions spell it."""
    return shorten(f"{project}-{stack}-{function}-{lane}", LAMBDA_FUNCTION)


def rule(project: str, stack: str, source: str) -> str:
    """Name of the rule of one source (`{function}-{source}`); fixed because the policies of its inboxes spell it."""
    return shorten(f"{source}-{project}-{stack}", RULE)


def schedule_group(project: str, stack: str, source: str) -> str:
    """Name of the schedule group of one source (`{function}-{source}`); fixed because a role's trust spells it."""
    return shorten(f"{project}-{stack}-{source}", SCHEDULE_GROUP)


def task_family(project: str, stack: str, function: str, lane: str) -> str:
    """Family of a lane's task definitions; with project and stack, so that two stacks share none."""
    return shorten(f"{project}-{stack}-{function}-{lane}", TASK_FAMILY)


def kubernetes(project: str, stack: str, function: str, lane: str) -> str:
    """Name of a lane's objects in Kubernetes; a ScaledJob's becomes a label of its Jobs."""
    return _lower_case(shorten(f"{project}-{stack}-{function}-{lane}", LABEL - HASH), LABEL)


def service_account(project: str, stack: str, function: str, lane: str) -> str:
    """ServiceAccount of one lane; the dot keeps function "scan" apart from function "scan-blue" in a pattern."""
    return f"{_lower_case(shorten(f'{project}-{stack}-{function}', KUBERNETES), KUBERNETES)}.{lane}"


def service_accounts(project: str, stack: str, function: str) -> str:
    """Pattern of the ServiceAccounts of all lanes of a function, for a trust policy."""
    return service_account(project, stack, function, "*")


def _lower_case(name: str, limit: int) -> str:
    """Kubernetes takes no capitals; a name that had some gets a hash of what it was, so that no two become one."""
    plain = re.sub(r"[^a-z0-9-]", "-", name.lower())
    if plain == name:
        return name
    return f"{plain[: limit - HASH - 1]}-{hashlib.sha256(name.encode()).hexdigest()[:HASH]}"


@dataclass(frozen=True)
class LaneNames:
    """Physical names of one lane."""

    project: str
    stack: str
    function: str
    lane: str

    @property
    def lambda_function(self) -> str:
        """Name of the Lambda function, and on every target the name that the handler sees."""
        return lambda_function(self.project, self.stack, self.function, self.lane)

    @property
    def task_family(self) -> str:
        """Family of the task definitions."""
        return task_family(self.project, self.stack, self.function, self.lane)

    @property
    def kubernetes(self) -> str:
        """Name of the objects in Kubernetes."""
        return kubernetes(self.project, self.stack, self.function, self.lane)

    @property
    def service_account(self) -> str:
        """Name of the ServiceAccount."""
        return service_account(self.project, self.stack, self.function, self.lane)
