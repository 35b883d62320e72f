"""Where ministack's ECS gives its services to our scheduler; see `local.aws.patches`."""

import json
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from local.aws.ecs.records import ECS

EXPECTED: dict[tuple[str, str], Sequence[str]] = {
    (ECS, "_reconcile_service_tasks"): ("cluster_name", "svc_key"),
    (ECS, "_make_deployment"): ("task_definition", "desired_count", "status"),
    (ECS, "_create_service"): ("data",),
    (ECS, "_update_service"): ("data",),
    (ECS, "_delete_service"): ("data",),
    (ECS, "_run_task"): ("data",),
    (ECS, "_circuit_breaker_threshold"): ("svc",),
    (ECS, "new_uuid"): (),
}
KEPT = ("availabilityZoneRebalancing", "propagateTags", "enableECSManagedTags")
"""Inputs of services that ministack forgets, at create or at update."""


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
    handlers = {
        "CreateService": _keeping(ecs, ecs._create_service),
        "UpdateService": _keeping(ecs, ecs._update_service),
    }
    ecs._ACTION_MAP |= {**handlers, "DeleteService": delete_service}


def _keeping(ecs: Any, handle: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    """A handler that remembers more of a service than ministack does."""

    def keep(data: dict[str, Any]) -> Any:
        answer = handle(data)
        if answer[0] != 200:
            return answer
        shown = json.loads(answer[2])["service"]
        cluster = ecs._cluster_name_from_arn(shown["clusterArn"])
        service = ecs._services[f"{cluster}/{shown['serviceName']}"]
        service |= {name: data[name] for name in KEPT if name in data}
        service.setdefault("availabilityZoneRebalancing", "ENABLED")
        return ecs.json_response({"service": ecs._sanitize(service)})

    return keep
