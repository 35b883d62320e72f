"""Where ministack's ECS gives its services to our scheduler; see `local.aws.patches`."""

import json
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from local.aws.ecs.records import ECS

EXPECTED: dict[tuple[str, str], Sequence[str]] = {
    (ECS, "_reconcile_service_tasks"): ("cluster_name", "svc_key"),
    (ECS, "_make_deployment"): ("task_definition", "desired_count", "status"),
    (ECS, "_delete_service"): ("data",),
    (ECS, "_run_task"): ("data",),
    (ECS, "_circuit_breaker_threshold"): ("svc",),
    (ECS, "new_uuid"): (),
}


def apply(poke: Callable[[], None]) -> None:
    """Patch ministack in this process."""
    ecs: Any = import_module(ECS)
    make, delete = ecs._make_deployment, ecs._delete_service

    def make_deployment(task_definition: str, desired_count: int, status: str = "PRIMARY") -> Any:
        made = make(task_definition, desired_count, status)
        return made | {"rolloutState": "IN_PROGRESS", "rolloutStateReason": "ECS deployment in progress."}

    def delete_service(data: dict[str, Any]) -> Any:
        """It drains until its last task has stopped."""
        answer = delete(data)
        if answer[0] == 200:
            shown = json.loads(answer[2])["service"]
            cluster = ecs._cluster_name_from_arn(shown["clusterArn"])
            service = ecs._services[f"{cluster}/{shown['serviceName']}"]
            service["status"] = "DRAINING"
            answer = ecs.json_response({"service": ecs._sanitize(service)})
            poke()
        return answer

    ecs._reconcile_service_tasks = lambda cluster_name, svc_key: poke()  # noqa: ARG005 - one thread looks at all
    ecs._make_deployment, ecs._delete_service = make_deployment, delete_service
    ecs._ACTION_MAP["DeleteService"] = delete_service
