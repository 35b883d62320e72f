"""Build the adapter's arguments and the app's environment variables for ECS and Kubernetes."""

from collections.abc import Mapping, Sequence

from pulumi import Input, Output

from intermodal.definition.spec import BatchSpec
from intermodal.limits import Target
from intermodal.targets.context import LaneContext

ADDRESS = "127.0.0.1:9001"
"""Runtime API address, without a scheme or host name, because the Node client splits it at the first colon."""

ADAPTER_USER = 65532
"""User and group ID in the adapter image (runtime/Dockerfile)."""

APP_USER, APP_GROUP = 993, 990
"""User and group ID of all Lambda containers, regardless of the image (sbx_user1051 in a function's /etc/passwd)."""

BATCH_SIZE = 10
"""The adapter's default for the maximum number of messages in one event."""

GRACE_SECONDS = 120
"""Seconds between SIGTERM and SIGKILL, the maximum on ECS (Task definition parameters, stopTimeout)."""


def adapter_command(context: LaneContext, target: Target, *options: str) -> list[Input[str]]:
    """Return the adapter's arguments for one lane; `options` are the target's additional arguments."""
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
        context.names.lambda_function,
        "--lane",
        context.lane.name,
        "--target",
        target.value,
        "--timeout-seconds",
        Output.from_input(function.timeout_seconds).apply(str),
        "--memory-mib",
        Output.from_input(function.memory_mib).apply(str),
        "--log-group",
        context.log_group.name,
        "--grace-seconds",
        str(GRACE_SECONDS),
        *_batch_options(function.batch),
        *options,
    ]


def _batch_options(batch: BatchSpec) -> list[str]:
    """Return the batch options that differ from the adapter's defaults."""
    options = []
    if batch.size != BATCH_SIZE:
        options += ["--batch-size", str(batch.size)]
    if batch.window_seconds:
        options += ["--window-seconds", str(batch.window_seconds)]
    if not batch.report_item_failures:
        options.append("--ignore-item-failures")
    return options


def app_environment(context: LaneContext, target: Target, region: Input[str]) -> dict[str, Input[str]]:
    """Return the app's environment variables: those in the definition and those that Lambda sets.

    Variables such as `_HANDLER` and `LAMBDA_TASK_ROOT` are set in the image. `AWS_EXECUTION_ENV` is not set, because
    `AWS_Lambda_python3.12` changes how the Python client polls (Lambda developer guide, configuration-envvars).
    """
    return {
        **context.function.environment,
        "AWS_LAMBDA_RUNTIME_API": ADDRESS,
        "AWS_LAMBDA_FUNCTION_NAME": context.names.lambda_function,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": Output.from_input(context.function.memory_mib).apply(str),
        "AWS_LAMBDA_LOG_FORMAT": "JSON",  # as on Lambda, so that clients write log lines with the same fields
        "AWS_LAMBDA_LOG_GROUP_NAME": context.log_group.name,
        "AWS_LAMBDA_LOG_STREAM_NAME": f"{target.value}/{context.name}",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
    }


def name_value_pairs(variables: Mapping[str, Input[str]]) -> Sequence[Mapping[str, Input[str]]]:
    """Return variables as sorted name-value pairs, as ECS and Kubernetes expect."""
    return [{"name": name, "value": variables[name]} for name in sorted(variables)]
