"""Where ministack's ECS gives its tasks to us; see `local.aws.patches`."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Protocol

from local.aws.ecs import protection, records, scheduler_patches
from local.aws.ecs.records import CONCURRENCY, ECS, RESPONSES

STS = "ministack.services.sts"

EXPECTED: dict[tuple[str, str], Sequence[str]] = {
    (ECS, "_get_docker"): (),
    (ECS, "_run_task_worker"): ("task", "td", "container_overrides", "docker_client", "account_id", "region"),
    (ECS, "_stop_task"): ("data",),
    (ECS, "_maybe_mark_stopped"): ("task", "docker_client"),
    (ECS, "_resolve_cluster_name"): ("ref",),
    (ECS, "_resolve_task"): ("ref", "cluster_name"),
    (ECS, "_sanitize"): ("obj",),
    (ECS, "_bump_task_version"): ("task",),
    (ECS, "_iso"): (),
    (ECS, "_recount_cluster"): ("cluster_name",),
    (ECS, "_refresh_service_state"): ("cluster_name", "group"),
    (ECS, "_cluster_name_from_arn"): ("arn",),
    (ECS, "_mark_task_pending"): ("task_arn", "task"),
    (ECS, "_mark_task_activating"): ("task_arn", "task"),
    (ECS, "_mark_task_running"): ("task_arn", "task"),
    (ECS, "reset"): (),
    (STS, "register_session"): ("access_key", "session"),
    (CONCURRENCY, "resource_lock"): ("scope", "key"),
    (RESPONSES, "request_scope"): ("account_id", "region"),
    **protection.EXPECTED,
    **scheduler_patches.EXPECTED,
}


class TaskRunner(Protocol):
    """What runs tasks."""

    @property
    def client(self) -> Any:
        """Its Docker."""

    def run(self, task: dict[str, Any], definition: dict[str, Any], overrides: Sequence[Mapping[str, Any]]) -> None:
        """Run a task to its end."""

    def stop(self, arn: str) -> None:
        """A task's record says that it is to stop."""

    def poke(self) -> None:
        """Something of a service changed."""

    def abandon(self) -> None:
        """End all at once."""


def apply(tasks: TaskRunner) -> None:
    """Patch ministack in this process."""
    ecs: Any = import_module(ECS)
    _run_tasks(ecs, tasks)
    _stop_tasks(ecs, tasks)
    protection.apply(tasks.poke)
    scheduler_patches.apply(tasks.poke)


def _run_tasks(ecs: Any, tasks: TaskRunner) -> None:
    reset = ecs.reset

    def run_task_worker(task: Any, td: Any, container_overrides: Any, _: Any, account_id: str, region: str) -> None:
        with import_module(RESPONSES).request_scope(account_id, region):
            tasks.run(task, td, container_overrides)

    def reset_all() -> None:
        tasks.abandon()
        reset()

    ecs._run_task_worker = run_task_worker
    ecs._get_docker = lambda: tasks.client  # without one a task would only be said to run
    ecs._maybe_mark_stopped = lambda task, docker_client=None: None  # noqa: ARG005 - the run tells the record
    ecs.reset = reset_all


def _stop_tasks(ecs: Any, tasks: TaskRunner) -> None:
    """StopTask answers at once; the containers have their stopTimeout."""

    def stop_task(data: dict[str, Any]) -> Any:
        cluster = ecs._resolve_cluster_name(data.get("cluster", "default"))
        task = ecs._resolve_task(data.get("task", ""), cluster) if cluster else None
        if task is None:
            text = "The referenced task was not found."
            return ecs.error_response_json("InvalidParameterException", text, 400)
        deleted = data.get("reason") == "Service deleted"
        code = "ServiceSchedulerInitiated" if deleted else "UserInitiated"
        if records.begin_stop(task, data.get("reason") or "Task stopped by user", code):
            records.count_again(task)
            tasks.stop(task["taskArn"])
        return ecs.json_response({"task": ecs._sanitize(task)})

    ecs._stop_task = stop_task
    ecs._ACTION_MAP["StopTask"] = stop_task
