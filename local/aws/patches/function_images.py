"""Run an image function with a Runtime API server for the image's runtime client.

AWS: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html

ministack requires a runtime interface emulator in the image.
"""

from typing import Any

from local.aws.expected import Expected
from local.aws.runners import FunctionRunner

MODULE = "ministack.services.lambda_svc"

EXPECTED: Expected = {
    (MODULE, "_execute_function_docker"): ("func", "event", "request_id"),
    (MODULE, "_emit_lambda_logs"): ("func", "request_id", "log_text", "error", "duration_ms", "log_source"),
    (MODULE, "_pool_kill_function"): ("account", "func_name"),
}


def apply(lambda_svc: Any, runner: FunctionRunner) -> None:
    """Patch ministack's lambda_svc module."""
    emit = lambda_svc._emit_lambda_logs

    def execute(func: dict[str, Any], event: object, request_id: str) -> dict[str, Any]:
        return runner.execute(func.get("config") or func, event, request_id)

    def emit_unless_image(func: dict[str, Any], *arguments: Any, **options: Any) -> None:
        if (func.get("config") or func).get("PackageType") != "Image":  # `LogStream` writes image functions' logs
            emit(func, *arguments, **options)

    kill = lambda_svc._pool_kill_function

    def kill_function(account: str, func_name: str) -> None:
        runner.retire(func_name)
        kill(account, func_name)

    lambda_svc._pool_kill_function = kill_function
    lambda_svc._execute_function_docker = execute
    lambda_svc._emit_lambda_logs = emit_unless_image
