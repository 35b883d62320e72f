"""Build the physical names that appear in policies, within the limits for each kind of name."""

import hashlib
import re
from dataclasses import dataclass

NAME = re.compile(r"[a-z][a-z0-9-]{0,29}")
"""Names of container functions; lower case, because queue, role and Kubernetes names contain them.

A schedule's name has 64 characters (EventBridge Scheduler API reference, CreateSchedule). A source name's 16,
`-schedule` and Pulumi's suffix of 8 leave 30. Rules and roles (64) and queues (80) leave more.
"""

PART = re.compile(r"[a-z][a-z0-9]{0,15}")
"""Names of lanes and sources. No dash, so that lane "blue" of function "scan" differs from function "scan-blue"."""

PLATFORM = re.compile(r"(?!sg-)[a-z][a-z0-9-]{0,38}[a-z0-9]|[a-z]")
"""Names of platforms, which are also names of a ResourceFlavor, a ClusterQueue and a NodePool: Kubernetes accepts no
capitals. With `-external-secrets-role` and Pulumi's suffix of 8, 40 characters fit into a role name's 64 (IAM API
reference, CreateRole)."""

LAMBDA_FUNCTION = 64
"""Maximum length of a function name (Lambda API reference, CreateFunction, FunctionName)."""

RULE = 64
"""Maximum length of a rule name (EventBridge API reference, PutRule)."""

TASK_FAMILY = 255
"""Maximum length of a task definition family (ECS API reference, RegisterTaskDefinition)."""

SCHEDULE_GROUP = 64
"""Maximum length of a schedule group name (EventBridge Scheduler API reference, CreateScheduleGroup)."""

KUBERNETES = 200
"""Maximum length of our names in Kubernetes. With the lane and suffix, they must fit into a DNS subdomain's 253
characters."""

LABEL = 63
"""Maximum length of a label value (Kubernetes documentation, Labels and Selectors)."""

HASH = 8


def shorten(name: str, limit: int) -> str:
    """Return `name`, or a similar name with a hash if it is too long or has invalid characters.

    Stack names may contain dots.
    """
    allowed = re.sub(r"[^A-Za-z0-9_-]", "-", name)
    if allowed == name and len(name) <= limit:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:HASH]
    return f"{allowed[: limit - HASH - 1].rstrip('-')}-{digest}"


def lambda_function(project: str, stack: str, function: str, lane: str) -> str:
    """Return the Lambda function name for a lane; fixed, because policies and trust conditions contain it."""
    return shorten(f"{project}-{stack}-{function}-{lane}", LAMBDA_FUNCTION)


def rule(project: str, stack: str, source: str) -> str:
    """Return the rule name for a source (`{function}-{source}`); fixed, because queue policies contain it."""
    return shorten(f"{source}-{project}-{stack}", RULE)


def schedule_group(project: str, stack: str, source: str) -> str:
    """Return a source's schedule group name (`{function}-{source}`); fixed, because a trust policy contains it."""
    return shorten(f"{project}-{stack}-{source}", SCHEDULE_GROUP)


def task_family(project: str, stack: str, function: str, lane: str) -> str:
    """Return the task definition family for a lane, unique across stacks."""
    return shorten(f"{project}-{stack}-{function}-{lane}", TASK_FAMILY)


def kubernetes(project: str, stack: str, function: str, lane: str) -> str:
    """Return the name for a lane's Kubernetes objects; a ScaledJob's name becomes a label on its Jobs."""
    return _lower_case(shorten(f"{project}-{stack}-{function}-{lane}", LABEL - HASH), LABEL)


def service_account(project: str, stack: str, function: str, lane: str) -> str:
    """Return a lane's ServiceAccount name; the dot keeps a pattern for function "scan" from matching "scan-blue"."""
    return f"{_lower_case(shorten(f'{project}-{stack}-{function}', KUBERNETES), KUBERNETES)}.{lane}"


def service_accounts(project: str, stack: str, function: str) -> str:
    """Return a pattern for the ServiceAccounts of all of a function's lanes, for a trust policy."""
    return service_account(project, stack, function, "*")


def _lower_case(name: str, limit: int) -> str:
    """Return a name without capitals; a changed name gets a hash of the original, so that no two names collide."""
    plain = re.sub(r"[^a-z0-9-]", "-", name.lower())
    if plain == name:
        return name
    return f"{plain[: limit - HASH - 1]}-{hashlib.sha256(name.encode()).hexdigest()[:HASH]}"


@dataclass(frozen=True)
class LaneNames:
    """A lane's physical names."""

    project: str
    stack: str
    function: str
    lane: str

    @property
    def lambda_function(self) -> str:
        """Name of the Lambda function, which the handler sees on every target."""
        return lambda_function(self.project, self.stack, self.function, self.lane)

    @property
    def task_family(self) -> str:
        """Task definition family."""
        return task_family(self.project, self.stack, self.function, self.lane)

    @property
    def kubernetes(self) -> str:
        """Name for the Kubernetes objects."""
        return kubernetes(self.project, self.stack, self.function, self.lane)

    @property
    def service_account(self) -> str:
        """ServiceAccount name."""
        return service_account(self.project, self.stack, self.function, self.lane)
