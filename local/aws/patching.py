"""Patch ministack where it differs from AWS in behaviour that this project needs.

Each patch is a file in `patches/` and is listed in README.md. It declares the functions that it replaces or calls,
with their parameters in the pinned version. The emulator does not start if a function is missing or has other
parameters.
"""

import inspect
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version

from local.advice import LocalError
from local.aws import ec2_answers
from local.aws.patches import (
    alarm_metrics,
    api_access_log_deletion,
    api_integrations,
    application_auto_scaling,
    describe_filters,
    endpoint_attributes,
    function_absent_images,
    function_batch_failures,
    function_images,
    function_version_arns,
    nat_gateway_addresses,
    parameter_permissions,
    prefix_lists_in_rules,
    queue_batch_permissions,
    queue_dead_letters,
    queue_long_polling,
    queue_redrive_policy_text,
    registry_addresses,
    registry_layers,
    routes_by_destination,
    schedule_rates,
    secret_version_stages,
    service_attributes,
    service_creation_tokens,
    service_deployments,
    service_draining,
    subnet_ipv6_blocks,
    task_containers,
    task_protection,
    task_protection_permissions,
    task_stop,
    task_timestamps,
    vpc_ipv6_blocks,
    web_identity_audience,
)
from local.aws.runners import FunctionRunner, TaskRunner

MINISTACK = "1.5.33"
LAMBDA = "ministack.services.lambda_svc"

OF_SERVICES = (
    vpc_ipv6_blocks,
    subnet_ipv6_blocks,
    routes_by_destination,
    nat_gateway_addresses,
    endpoint_attributes,
    prefix_lists_in_rules,
    describe_filters,  # must follow every other patch that serves a Describe call
    queue_long_polling,
    queue_dead_letters,
    queue_redrive_policy_text,
    schedule_rates,
    secret_version_stages,
    api_integrations,
    api_access_log_deletion,
    function_version_arns,
    web_identity_audience,
    queue_batch_permissions,
    parameter_permissions,
    alarm_metrics,
    application_auto_scaling,
    service_attributes,
    service_creation_tokens,  # must follow every other patch that serves CreateService
    task_timestamps,
    task_protection_permissions,
    registry_addresses,
    registry_layers,
)
"""Service patches, in the order in which they are applied."""

OF_FUNCTIONS = (function_images, function_absent_images)
OF_TASKS = (task_containers, task_stop, task_protection, service_deployments, service_draining)

EXPECTED: dict[tuple[str, str], Sequence[str]] = {
    ("ministack.core.lambda_runtime", "execution_credentials"): ("config",),
    ("ministack.core.persistence", "save_all"): ("services",),
    ("ministack.app", "_build_persistence_save_dict"): (),
    **ec2_answers.EXPECTED,
    **function_batch_failures.EXPECTED,
}
for patch in (*OF_SERVICES, *OF_FUNCTIONS, *OF_TASKS):
    EXPECTED.update(patch.EXPECTED)


def apply(functions: FunctionRunner, tasks: TaskRunner) -> None:
    """Patch ministack in this process.

    Raises:
        LocalError: the ministack version is not the pinned one, or a declared function has changed.
    """
    apply_to_services()
    for of_functions in OF_FUNCTIONS:
        of_functions.apply(import_module(of_functions.MODULE), functions)
    function_batch_failures.apply(import_module(function_batch_failures.MODULE))
    for of_tasks in OF_TASKS:
        of_tasks.apply(import_module(of_tasks.MODULE), tasks)


def apply_to_services() -> None:
    """Apply only the patches that need no function runner or task runner.

    Raises:
        LocalError: the ministack version is not the pinned one, or a declared function has changed.
    """
    refuse_other_version()
    for patch in OF_SERVICES:
        patch.apply(import_module(patch.MODULE))


def refuse_other_version() -> None:
    """Raise an error if ministack differs from the version for which the patches were written.

    Raises:
        LocalError: the version or a declared function's parameters differ.
    """
    problems = [] if version("ministack") == MINISTACK else [f"ministack is {version('ministack')}, not {MINISTACK}"]
    for (module, name), parameters in EXPECTED.items():
        function = getattr(import_module(module), name, None)
        found = tuple(inspect.signature(function).parameters) if function else None
        if found != tuple(parameters):
            problems.append(f"{module}.{name} has parameters {found}, not {tuple(parameters)}")
    if problems:
        raise LocalError(
            f"The AWS emulator's patches are incompatible: {'; '.join(problems)}; install ministack {MINISTACK}."
        )
