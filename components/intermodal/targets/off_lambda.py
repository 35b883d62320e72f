"""What targets share that run the image beside the adapter: its command, and the environment that the image sees."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi import Input, Output

from intermodal import naming
from intermodal.errors import DefinitionError, Problem
from intermodal.fit import limits_of
from intermodal.function.spec import FunctionSpec, LaneSpec
from intermodal.platform.args import PlatformHandle
from intermodal.targets.checks import at_most_bytes, variable_names, within
from intermodal.targets.contract import LaneContext
from intermodal.validation import Check, problems_of

ADDRESS = "127.0.0.1:9001"
"""Of the Runtime API: no scheme and no name, because Node's client splits it at the first colon."""

ADAPTER_MIB = 128
"""Set aside for the adapter, which holds at most 64 MiB and one batch of events."""

APP_USER, APP_GROUP = 993, 990
"""Lambda runs every image as this user, whatever the image says (sbx_user1051 in a function's /etc/passwd)."""

GRACE_SECONDS = 120
"""From the stop signal to the kill: the longest that ECS gives (Task definition parameters, stopTimeout)."""


def handle_of(function: FunctionSpec) -> Output[PlatformHandle]:
    """The platform, which `check` has seen."""
    if function.platform is None:
        raise DefinitionError(function.subject, [needs_platform("this target")])
    return function.platform


def needs_platform(target: str) -> Problem:
    """For a function without one."""
    text = f"is missing, and target {target} runs on a cluster of it; give platform: platform.handle"
    return Problem(path="platform", text=text)


def longest_run(target: str) -> Check:
    """Whether a timeout leaves a message within the twelve hours that it can be held."""
    return within("timeout_seconds", limits_of(target).timeout_seconds, target, "lower it, or split the work")


def lane_problems(function: FunctionSpec, lane: LaneSpec, target: str) -> list[Problem]:
    """Concurrency and environment beyond the target's limits."""
    limits = limits_of(target)
    problems = []
    if lane.maximum_concurrency is not None:
        path = f'lane "{lane.name}": maximum_concurrency'
        allowed = range(limits.maximum_concurrency.stop)  # with 0, which pauses
        problems += problems_of(lane.maximum_concurrency, within(path, allowed, target, "change it"))
    problems += variable_names(function, limits, target)
    if not any(isinstance(value, Output) for value in function.environment.values()):
        problems += problems_of(function.environment, at_most_bytes(limits.environment_bytes, target))
    return problems


def adapter_command(context: LaneContext, target: str, *options: str) -> list[Input[str]]:
    """Arguments of the adapter image for one lane; `options` are those of this target."""
    function = context.function
    return [
        "adapter",
        "--queue-url",
        context.inbox.url,
        "--queue-arn",
        context.inbox.arn,
        "--account",
        context.account,
        "--function",
        _name(context),
        "--lane",
        context.lane.name,
        "--target",
        target,
        "--timeout-seconds",
        Output.from_input(function.timeout_seconds).apply(str),
        "--memory-mib",
        Output.from_input(function.memory_mib).apply(str),
        "--log-group",
        context.log_group.name,
        "--grace-seconds",
        str(GRACE_SECONDS),
        *options,
    ]


def app_environment(context: LaneContext, target: str) -> dict[str, Input[str]]:
    """What the image sees: the definition's variables, and those that Lambda sets.

    `_HANDLER`, `LAMBDA_TASK_ROOT` and the like belong to the image; `AWS_EXECUTION_ENV` is not faked, because
    `AWS_Lambda_python3.12` changes how the Python client polls (Lambda developer guide, configuration-envvars).
    """
    region = handle_of(context.function)["region"]
    return {
        **context.function.environment,
        "AWS_LAMBDA_RUNTIME_API": ADDRESS,
        "AWS_LAMBDA_FUNCTION_NAME": _name(context),
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": Output.from_input(context.function.memory_mib).apply(str),
        "AWS_LAMBDA_LOG_FORMAT": "JSON",  # as target lambda has it: clients then write lines with the same fields
        "AWS_LAMBDA_LOG_GROUP_NAME": context.log_group.name,
        "AWS_LAMBDA_LOG_STREAM_NAME": f"{target}/{context.name}",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
    }


def pairs(variables: Mapping[str, Input[str]]) -> Sequence[Mapping[str, Input[str]]]:
    """As ECS and Kubernetes list them, in a fixed order."""
    return [{"name": name, "value": variables[name]} for name in sorted(variables)]


def _name(context: LaneContext) -> str:
    """The function's name on Lambda, on every target."""
    return naming.lambda_function(pulumi.get_project(), pulumi.get_stack(), context.function.name, context.lane.name)
