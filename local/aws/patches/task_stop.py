"""Return from StopTask immediately, and let containers stop within their stopTimeout.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html

ministack marks the task STOPPED and removes its containers before it responds.
"""

from typing import Any

from local.aws.ecs import records
from local.aws.expected import Expected
from local.aws.runners import TaskRunner

MODULE = "ministack.services.ecs"

EXPECTED: Expected = {
    (MODULE, "_stop_task"): ("data",),
    (MODULE, "_resolve_cluster_name"): ("ref",),
    (MODULE, "_resolve_task"): ("ref", "cluster_name"),
    (MODULE, "_sanitize"): ("obj",),
}


def apply(ecs: Any, tasks: TaskRunner) -> None:
    """Patch ministack's ecs module."""

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
