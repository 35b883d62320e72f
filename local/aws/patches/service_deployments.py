"""Start and stop service tasks with one scheduler, and report a new deployment as IN_PROGRESS.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html

ministack ignores the deployment's limits when it starts and stops tasks, and reports COMPLETED immediately. The
scheduler is in `local.aws.ecs.scheduler`.
"""

from typing import Any

from local.aws.expected import Expected
from local.aws.runners import TaskRunner

MODULE = "ministack.services.ecs"

EXPECTED: Expected = {
    (MODULE, "_reconcile_service_tasks"): ("cluster_name", "svc_key"),
    (MODULE, "_make_deployment"): ("task_definition", "desired_count", "status"),
    (MODULE, "_run_task"): ("data",),
    (MODULE, "_circuit_breaker_threshold"): ("svc",),
    (MODULE, "new_uuid"): (),
}


def apply(ecs: Any, tasks: TaskRunner) -> None:
    """Patch ministack's ecs module."""
    make = ecs._make_deployment

    def make_deployment(task_definition: str, desired_count: int, status: str = "PRIMARY") -> Any:
        made = make(task_definition, desired_count, status)
        return made | {"rolloutState": "IN_PROGRESS", "rolloutStateReason": "ECS deployment in progress."}

    ecs._reconcile_service_tasks = lambda cluster_name, svc_key: tasks.poke()  # noqa: ARG005 - reconciles all services
    ecs._make_deployment = make_deployment
