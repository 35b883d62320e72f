"""Build the physical names that policies refer to, within each service's length limit."""

import hashlib
import re
from dataclasses import dataclass

NAME = re.compile(r"[a-z][a-z0-9-]{0,29}")
"""Pattern for container function names, in lower case because queue, role and Kubernetes object names contain them.

A schedule name can have 64 characters (EventBridge Scheduler API reference, CreateSchedule). The source name (16),
`-schedule` and Pulumi's 8-character suffix leave 30. The limits for rules and roles (64) and queues (80) leave more.
"""

PART = re.compile(r"[a-z][a-z0-9]{0,15}")
"""Pattern for lane and source names. Without dashes, the lane "blue" of "scan" cannot collide with "scan-blue"."""

PLATFORM = re.compile(r"(?!sg-)[a-z][a-z0-9-]{0,38}[a-z0-9]|[a-z]")
"""Pattern for platform names. A ResourceFlavor, a ClusterQueue and a NodePool use the same name, and Kubernetes does
not allow capitals. With `-external-secrets-role` and Pulumi's 8-character suffix, 40 characters fit into the 64 of a
role name (IAM API reference, CreateRole)."""

LAMBDA_FUNCTION = 64
"""Maximum length of a function name (Lambda API reference, CreateFunction, FunctionName)."""

RULE = 64
"""Maximum length of a rule name (EventBridge API reference, PutRule)."""

TASK_FAMILY = 255
"""Maximum length of a task definition family (ECS API reference, RegisterTaskDefinition)."""

SCHEDULE_GROUP = 64
"""Maximum length of a schedule group name (EventBridge Scheduler API reference, CreateScheduleGroup)."""

KUBERNETES = 200
"""Maximum length of the generated Kubernetes names. With the lane and a suffix, they must fit into the 253 characters
of a DNS subdomain."""

LABEL = 63
"""Maximum length of a label value (Kubernetes documentation, Labels and Selectors)."""

HASH = 8


def shorten(name: str, limit: int) -> str:
    """Return `name`, or a valid name with a hash if it is too long or contains invalid characters.

    Stack names may contain dots.
    """
    allowed = re.sub(r"[^A-Za-z0-9_-]", "-", name)
    if allowed == name and len(name) <= limit:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:HASH]
    return f"{allowed[: limit - HASH - 1].rstrip('-')}-{digest}"


def lambda_function(project: str, stack: str, function: str, lane: str) -> str:
    """Return a lane's Lambda function name; it must not change, because policies and trust conditions contain it."""
    return shorten(f"{project}-{stack}-{function}-{lane}", LAMBDA_FUNCTION)


def rule(project: str, stack: str, source: str) -> str:
    """Return the rule name for the source `{function}-{source}`; it must not change: queue policies contain it."""
    return shorten(f"{source}-{project}-{stack}", RULE)


def schedule_group(project: str, stack: str, source: str) -> str:
    """Return the group name for the source `{function}-{source}`; it must not change: a trust policy contains it."""
    return shorten(f"{project}-{stack}-{source}", SCHEDULE_GROUP)


def task_family(project: str, stack: str, function: str, lane: str) -> str:
    """Return a lane's task definition family, which is unique across stacks."""
    return shorten(f"{project}-{stack}-{function}-{lane}", TASK_FAMILY)


def kubernetes(project: str, stack: str, function: str, lane: str) -> str:
    """Return the name of a lane's Kubernetes objects; it fits a label, because KEDA labels Jobs with it."""
    return _lower_case(shorten(f"{project}-{stack}-{function}-{lane}", LABEL - HASH), LABEL)


def service_account(project: str, stack: str, function: str, lane: str) -> str:
    """Return a lane's ServiceAccount name; the dot prevents the pattern for "scan" from matching "scan-blue"."""
    return f"{_lower_case(shorten(f'{project}-{stack}-{function}', KUBERNETES), KUBERNETES)}.{lane}"


def service_accounts(project: str, stack: str, function: str) -> str:
    """Return a trust policy pattern that matches the ServiceAccounts of all the function's lanes."""
    return service_account(project, stack, function, "*")


def _lower_case(name: str, limit: int) -> str:
    """Return a name in lower case; append a hash of the original if it changed, so that names cannot collide."""
    plain = re.sub(r"[^a-z0-9-]", "-", name.lower())
    if plain == name:
        return name
    return f"{plain[: limit - HASH - 1]}-{hashlib.sha256(name.encode()).hexdigest()[:HASH]}"


@dataclass(frozen=True)
class LaneNames:
    """Physical names of a lane's resources."""

    project: str
    stack: str
    function: str
    lane: str

    @property
    def lambda_function(self) -> str:
        """Lambda function name, which the handler reads from its environment on every target."""
        return lambda_function(self.project, self.stack, self.function, self.lane)

    @property
    def task_family(self) -> str:
        """Task definition family of the lane."""
        return task_family(self.project, self.stack, self.function, self.lane)

    @property
    def kubernetes(self) -> str:
        """Name of the lane's Kubernetes objects."""
        return kubernetes(self.project, self.stack, self.function, self.lane)

    @property
    def service_account(self) -> str:
        """Name of the lane's ServiceAccount."""
        return service_account(self.project, self.stack, self.function, self.lane)
