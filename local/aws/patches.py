"""Where ministack 1.5.33 is not yet like AWS, in ways that this project's promises rest on.

Each patch names what it replaces with the parameters it had when the patch was written: another ministack,
in which one of them is gone or changed, is refused at start and not half patched.
"""

import contextvars
import inspect
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from typing import Any, Protocol

from local.advice import LocalError
from local.aws import ec2_patching, filter_patches, ipv6_patches, network_patches, queue_patches, service_patches
from local.aws.ecs import alarm_patches, iam_patches, keeping_patches, scaling_patches, task_patches
from local.aws.ecs.task_patches import TaskRunner

MINISTACK = "1.5.33"
LAMBDA = "ministack.services.lambda_svc"

EXPECTED: dict[tuple[str, str], Sequence[str]] = {
    (LAMBDA, "_execute_function_docker"): ("func", "event", "request_id"),
    (LAMBDA, "_execute_function"): ("func", "event"),
    (LAMBDA, "_run_sqs_batch"): ("esm", "func_rec", "event", "batch", "queue_url", "queue_name"),
    (LAMBDA, "_emit_lambda_logs"): ("func", "request_id", "log_text", "error", "duration_ms", "log_source"),
    (LAMBDA, "_create_function"): ("data",),
    (LAMBDA, "_pool_kill_function"): ("account", "func_name"),
    (LAMBDA, "_update_code"): ("name", "data"),
    (LAMBDA, "error_response_json"): ("code", "message", "status", "extra", "message_key", "content_type"),
    ("ministack.core.lambda_runtime", "execution_credentials"): ("config",),
    ("ministack.core.persistence", "save_all"): ("services",),
    ("ministack.app", "_build_persistence_save_dict"): (),
    **alarm_patches.EXPECTED,
    **ec2_patching.EXPECTED,
    **filter_patches.EXPECTED,
    **iam_patches.EXPECTED,
    **ipv6_patches.EXPECTED,
    **keeping_patches.EXPECTED,
    **network_patches.EXPECTED,
    **queue_patches.EXPECTED,
    **scaling_patches.EXPECTED,
    **service_patches.EXPECTED,
    **task_patches.EXPECTED,
}


class Runner(Protocol):
    """What runs image functions."""

    def execute(self, config: dict[str, Any], event: object, request_id: str) -> dict[str, Any]:
        """Run one event; the result in ministack's shape."""

    def retire(self, name: str) -> None:
        """Close what runs a function that was changed or deleted."""

    def has_image(self, reference: str) -> bool:
        """Whether Docker has the image."""


def apply(runner: Runner, tasks: TaskRunner) -> None:
    """Patch ministack in this process.

    Raises:
        LocalError: it is another version, or what a patch replaces is not as it was.
    """
    apply_to_services()
    lambda_svc = import_module(LAMBDA)
    _run_images(lambda_svc, runner)
    _refuse_absent_images(lambda_svc, runner)
    _fail_malformed_batches(lambda_svc)
    task_patches.apply(tasks)


def apply_to_services() -> None:
    """Only the patches that need nothing to run functions.

    Raises:
        LocalError: as `apply`.
    """
    refuse_other_version()
    ipv6_patches.apply()
    network_patches.apply()
    filter_patches.apply()
    queue_patches.apply()
    service_patches.apply()
    alarm_patches.apply()
    scaling_patches.apply()
    keeping_patches.apply()
    iam_patches.apply()


def refuse_other_version() -> None:
    """Check that everything that is patched is as it was in the pinned version."""
    wrong = [] if version("ministack") == MINISTACK else [f"ministack is {version('ministack')}, not {MINISTACK}"]
    for (module, name), parameters in EXPECTED.items():
        function = getattr(import_module(module), name, None)
        found = tuple(inspect.signature(function).parameters) if function else None
        if found != tuple(parameters):
            wrong.append(f"{module}.{name} takes {found}, not {tuple(parameters)}")
    if wrong:
        raise LocalError(
            f"The patches of the embedded AWS do not fit: {'; '.join(wrong)}; install ministack {MINISTACK}."
        )


def _run_images(lambda_svc: Any, runner: Runner) -> None:
    """Image functions run behind our Runtime API server instead of an emulator inside the image."""
    emit = lambda_svc._emit_lambda_logs  # noqa: SLF001

    def execute(func: dict[str, Any], event: object, request_id: str) -> dict[str, Any]:
        return runner.execute(func.get("config") or func, event, request_id)

    def emit_unless_image(func: dict[str, Any], *arguments: Any, **options: Any) -> None:
        if (func.get("config") or func).get("PackageType") != "Image":  # ours writes as the function's role
            emit(func, *arguments, **options)

    kill = lambda_svc._pool_kill_function  # noqa: SLF001

    def kill_function(account: str, func_name: str) -> None:
        runner.retire(func_name)
        kill(account, func_name)

    lambda_svc._pool_kill_function = kill_function  # noqa: SLF001
    lambda_svc._execute_function_docker = execute  # noqa: SLF001
    lambda_svc._emit_lambda_logs = emit_unless_image  # noqa: SLF001


def _refuse_absent_images(lambda_svc: Any, runner: Runner) -> None:
    """AWS refuses a function whose image is not there; ministack finds out at the first event."""
    create, update = lambda_svc._create_function, lambda_svc._update_code  # noqa: SLF001

    def refusal(reference: str | None) -> Any:
        if reference is None or runner.has_image(reference):
            return None
        text = f"Source image {reference} does not exist. Provide a valid source image. (Locally: run `make images`.)"
        return lambda_svc.error_response_json("InvalidParameterValueException", text, 400)

    def create_function(data: dict[str, Any]) -> Any:
        return refusal(data.get("Code", {}).get("ImageUri")) or create(data)

    def update_code(name: str, data: dict[str, Any]) -> Any:
        return refusal(data.get("ImageUri")) or update(name, data)

    lambda_svc._create_function, lambda_svc._update_code = create_function, update_code  # noqa: SLF001


_BATCH_IDS: contextvars.ContextVar[frozenset[str] | None] = contextvars.ContextVar("batch", default=None)


def _fail_malformed_batches(lambda_svc: Any) -> None:
    """A malformed list of failures fails the batch (Lambda guide, SQS error handling); ministack deletes it."""
    run_batch, execute = lambda_svc._run_sqs_batch, lambda_svc._execute_function  # noqa: SLF001

    def run_sqs_batch(esm: dict[str, Any], func_rec: Any, event: Any, *rest: Any) -> None:
        reports = "ReportBatchItemFailures" in esm.get("FunctionResponseTypes", [])
        ids = frozenset(record["messageId"] for record in event["Records"]) if reports else None
        token = _BATCH_IDS.set(ids)
        try:
            run_batch(esm, func_rec, event, *rest)
        finally:
            _BATCH_IDS.reset(token)

    def execute_function(func: dict[str, Any], event: object) -> dict[str, Any]:
        result: dict[str, Any] = execute(func, event)
        ids = _BATCH_IDS.get()
        if ids is None or result.get("error"):
            return result
        if not understood(body := result.get("body"), ids):
            message = "The batch response is malformed, so the whole batch failed"
            return {**result, "error": True, "body": {"errorType": "Function.BatchResponse", "errorMessage": message}}
        # A list that is null means none, to AWS; ministack would iterate over it.
        return result if body and body.get("batchItemFailures") else {**result, "body": {}}

    lambda_svc._run_sqs_batch, lambda_svc._execute_function = run_sqs_batch, execute_function  # noqa: SLF001


def understood(body: object, ids: frozenset[str]) -> bool:
    """Whether a batch response names failures as AWS accepts them: empty, or each an id of the batch."""
    if body in (None, "", {}):
        return True
    if not isinstance(body, dict):
        return False
    failures = body.get("batchItemFailures")
    if failures is None:
        return True
    if not isinstance(failures, list):
        return False
    return all(isinstance(failure, dict) and failure.get("itemIdentifier") in ids for failure in failures)
