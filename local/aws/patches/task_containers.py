"""Run a task's containers through the full task lifecycle.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html

This patch replaces ministack's task worker with the emulator in `local.aws.ecs`.
"""

from importlib import import_module
from typing import Any

from local.aws.ecs.records import CONCURRENCY, RESPONSES
from local.aws.expected import Expected
from local.aws.runners import TaskRunner

MODULE = "ministack.services.ecs"

EXPECTED: Expected = {
    (MODULE, "_get_docker"): (),
    (MODULE, "_run_task_worker"): ("task", "td", "container_overrides", "docker_client", "account_id", "region"),
    (MODULE, "_maybe_mark_stopped"): ("task", "docker_client"),
    (MODULE, "_bump_task_version"): ("task",),
    (MODULE, "_iso"): (),
    (MODULE, "_recount_cluster"): ("cluster_name",),
    (MODULE, "_refresh_service_state"): ("cluster_name", "group"),
    (MODULE, "_cluster_name_from_arn"): ("arn",),
    (MODULE, "_mark_task_pending"): ("task_arn", "task"),
    (MODULE, "_mark_task_activating"): ("task_arn", "task"),
    (MODULE, "_mark_task_running"): ("task_arn", "task"),
    (MODULE, "reset"): (),
    ("ministack.services.sts", "register_session"): ("access_key", "session"),
    (CONCURRENCY, "resource_lock"): ("scope", "key"),
    (RESPONSES, "request_scope"): ("account_id", "region"),
}


def apply(ecs: Any, tasks: TaskRunner) -> None:
    """Patch ministack's ecs module."""
    reset = ecs.reset

    def run_task_worker(task: Any, td: Any, container_overrides: Any, _: Any, account_id: str, region: str) -> None:
        with import_module(RESPONSES).request_scope(account_id, region):
            tasks.run(task, td, container_overrides)

    def reset_all() -> None:
        tasks.abandon()
        reset()

    ecs._run_task_worker = run_task_worker
    ecs._get_docker = lambda: tasks.client  # without a client, ministack only reports tasks as running
    ecs._maybe_mark_stopped = lambda task, docker_client=None: None  # noqa: ARG005 - `Run` updates the record
    ecs.reset = reset_all
