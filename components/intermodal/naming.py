"""Physical names that appear in policies, with the limits of every kind of name."""

import hashlib
import re
from dataclasses import dataclass

NAME = re.compile(r"[a-z][a-z0-9-]{0,29}")
"""Names of container functions, in lower case, because queue, role and Kubernetes names contain them.

A schedule's name has 64 characters (EventBridge Scheduler API reference, CreateSchedule). A source's 16, `-schedule`
and Pulumi's suffix of 8 leave 30. Rules and roles (64) and queues (80) leave more.
"""

PART = re.compile(r"[a-z][a-z0-9]{0,15}")
"""Names of lanes and sources. No dash, so that lane "blue" of function "scan" differs from function "scan-blue"."""

PLATFORM = re.compile(r"(?!sg-)[a-z][a-z0-9-]{0,38}[a-z0-9]|[a-z]")
"""Names of platforms, which are also names of a ResourceFlavor, a ClusterQueue and a NodePool: Kubernetes accepts no
capitals. With `-external-secrets-role` and Pulumi's suffix of 8, 40 fit a role's 64 (IAM API reference, CreateRole)."""

LAMBDA_FUNCTION = 64
"""Maximum length of a function name (Lambda API reference, CreateFunction, FunctionName)."""

RULE = 64
"""Maximum length of a rule's name (EventBridge API reference, PutRule)."""

TASK_FAMILY = 255
"""Maximum length of a task definition's family (ECS API reference, RegisterTaskDefinition)."""

SCHEDULE_GROUP = 64
"""Maximum length of a schedule group's name (EventBridge Scheduler API reference, CreateScheduleGroup)."""

KUBERNETES = 200
"""Maximum length of our names in Kubernetes. Lane and suffix must fit into the 253 of a DNS subdomain."""

LABEL = 63
"""Maximum length of a label's value (Kubernetes documentation, Labels and Selectors)."""

HASH = 8


def shorten(name: str, limit: int) -> str:
    """Return `name`, or if it is too long or has other characters, a similar name with a hash.

    Stack names may contain dots.
    """
    allowed = re.sub(r"[^A-Za-z0-9_-]", "-", name)
    if allowed == name and len(name) <= limit:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:HASH]
    return f"{allowed[: limit - HASH - 1].rstrip('-')}-{digest}"


def lambda_function(project: str, stack: str, function: str, lane: str) -> str:
    """Return the name of a lane's Lambda function; fixed, because policies and trust conditions contain it."""
    return shorten(f"{project}-{stack}-{function}-{lane}", LAMBDA_FUNCTION)


def rule(project: str, stack: str, source: str) -> str:
    """Return the name of a source's rule (`{function}-{source}`); fixed, because queue policies contain it."""
    return shorten(f"{source}-{project}-{stack}", RULE)


def schedule_group(project: str, stack: str, source: str) -> str:
    """Return the name of a source's schedule group (`{function}-{source}`); fixed, because a trust policy has it."""
    return shorten(f"{project}-{stack}-{source}", SCHEDULE_GROUP)


def task_family(project: str, stack: str, function: str, lane: str) -> str:
    """Return the family of a lane's task definitions, unique across stacks."""
    return shorten(f"{project}-{stack}-{function}-{lane}", TASK_FAMILY)


def kubernetes(project: str, stack: str, function: str, lane: str) -> str:
    """Return the name of a lane's Kubernetes objects; the name of a ScaledJob becomes a label of its Jobs."""
    return _lower_case(shorten(f"{project}-{stack}-{function}-{lane}", LABEL - HASH), LABEL)


def service_account(project: str, stack: str, function: str, lane: str) -> str:
    """Return the ServiceAccount of a lane; the dot separates function "scan" from function "scan-blue" in a pattern."""
    return f"{_lower_case(shorten(f'{project}-{stack}-{function}', KUBERNETES), KUBERNETES)}.{lane}"


def service_accounts(project: str, stack: str, function: str) -> str:
    """Return a pattern of the ServiceAccounts of all lanes of a function, for a trust policy."""
    return service_account(project, stack, function, "*")


def _lower_case(name: str, limit: int) -> str:
    """Return a name without capitals; a changed name gets a hash of the original, so that no two collide."""
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
        """Name of the Lambda function. On every target the handler sees it."""
        return lambda_function(self.project, self.stack, self.function, self.lane)

    @property
    def task_family(self) -> str:
        """Family of the task definitions."""
        return task_family(self.project, self.stack, self.function, self.lane)

    @property
    def kubernetes(self) -> str:
        """Name of the Kubernetes objects."""
        return kubernetes(self.project, self.stack, self.function, self.lane)

    @property
    def service_account(self) -> str:
        """Name of the ServiceAccount."""
        return service_account(self.project, self.stack, self.function, self.lane)
