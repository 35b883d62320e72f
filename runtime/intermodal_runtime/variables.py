"""Build the environment for the app's process outside Lambda."""

from .invocation import FunctionContext

NEVER_INHERITED = (
    "AWS_LAMBDA_INITIALIZATION_TYPE",  # with snap-start, Python and Java would call /restore/next
    "_LAMBDA_TELEMETRY_LOG_FD",  # Python, Node, Ruby and Java would write framed logs to this file descriptor
    "_LAMBDA_TELEMETRY_LOG_FD_PROVIDER_SOCKET",
    "AWS_LAMBDA_MAX_CONCURRENCY",  # `environment` sets it if the concurrency is above 1
)
"""Variables that change a runtime client's protocol, which the local runner does not pass to the app."""


def environment(context: FunctionContext, address: str) -> dict[str, str]:
    """Return the app's environment variables for a server at `address` ("127.0.0.1:port").

    The address must not contain a scheme, a path or an IPv6 address, because the Node client splits it at the first
    colon. Variables such as `_HANDLER`, `LAMBDA_TASK_ROOT` and `PATH` are set in the image. `AWS_EXECUTION_ENV` is not
    set, because `AWS_Lambda_python3.12` changes how the Python client polls (AWS docs, configuration-envvars; the
    clients' source).
    """
    variables = {
        "AWS_LAMBDA_RUNTIME_API": address,
        "AWS_LAMBDA_FUNCTION_NAME": context.name,
        "AWS_LAMBDA_FUNCTION_VERSION": context.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(context.memory_mib),
        "AWS_LAMBDA_LOG_GROUP_NAME": context.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": context.log_stream,
        "AWS_REGION": context.region,
        "AWS_DEFAULT_REGION": context.region,
    }
    if context.max_concurrency > 1:
        variables["AWS_LAMBDA_MAX_CONCURRENCY"] = str(context.max_concurrency)
    return variables
