"""Update a task's record in ministack; callers must first enter the task's account and region scope."""

import time
from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from typing import Any

from local.aws.ecs.spec import State

ECS = "ministack.services.ecs"
CONCURRENCY = "ministack.core.concurrency"
RESPONSES = "ministack.core.responses"


def scope_of(task: Mapping[str, Any]) -> Any:
    """Return a context manager that sets ministack's account and region to those of a task or service."""
    arn = str(task.get("taskArn") or task["serviceArn"]).split(":")
    return import_module(RESPONSES).request_scope(arn[4], arn[3])


def lock_of(task: Mapping[str, Any]) -> Any:
    """Return ministack's lock for a task."""
    return import_module(CONCURRENCY).resource_lock("ecs-task", task["taskArn"])


def is_stopping(task: Mapping[str, Any]) -> bool:
    """Return whether the task's desired status is STOPPED or a reset dropped the task."""
    return task.get("desiredStatus") == "STOPPED" or bool(task.get("_ecs_resetting"))


def age_seconds(moment: str | None) -> float:
    """Return the seconds since a timestamp in a ministack record, or 0 for None."""
    return time.time() - datetime.fromisoformat(moment).timestamp() if moment else 0.0


def begin_stop(task: dict[str, Any], reason: str, code: str) -> bool:
    """Set a task's desired status to STOPPED; if it already is, keep the first reason and return False."""
    ecs: Any = import_module(ECS)
    with lock_of(task):
        if task.get("desiredStatus") == "STOPPED":
            return False
        ecs._bump_task_version(task)
        now = ecs._iso()
        task |= {"desiredStatus": "STOPPED", "stoppedReason": reason, "stopCode": code, "stoppingAt": now}
        task["lastStatus"] = "STOPPING" if task.get("startedAt") else "DEACTIVATING"
    return True


def mark_pulling(task: dict[str, Any]) -> None:
    """Record that the task's images are being pulled."""
    ecs: Any = import_module(ECS)
    ecs._mark_task_pending(task["taskArn"], task)
    ecs._mark_task_activating(task["taskArn"], task)


def mark_running(task: dict[str, Any]) -> None:
    """Record that all of the task's containers have started."""
    import_module(ECS)._mark_task_running(task["taskArn"], task)


def finish(task: dict[str, Any]) -> None:
    """Record that the task's last container has exited."""
    ecs: Any = import_module(ECS)
    with lock_of(task):
        ecs._bump_task_version(task)
        now = ecs._iso()
        task |= {"lastStatus": "STOPPED", "stoppedAt": now, "executionStoppedAt": now}
        for container in task["containers"]:
            container["lastStatus"] = "STOPPED"
    count_again(task)


def count_again(task: Mapping[str, Any]) -> None:
    """Update the task counts of the task's cluster and service."""
    ecs: Any = import_module(ECS)
    cluster = ecs._cluster_name_from_arn(task["clusterArn"])
    ecs._recount_cluster(cluster)
    ecs._refresh_service_state(cluster, task.get("group", ""))


def show(task: dict[str, Any], states: Mapping[str, State]) -> None:
    """Record the container states and the resulting task health."""
    with lock_of(task):
        for container in task["containers"]:
            state = states[container["name"]]
            values = {"exitCode": state.exit_code, "reason": state.reason}
            container.update({name: value for name, value in values.items() if value is not None})
            container.update(lastStatus=state.phase.value, healthStatus=state.health)
        healths = {
            states[container["name"]].health
            for container, essential in zip(task["containers"], task["_container_essentials"], strict=True)
            if essential
        }
        task["healthStatus"] = next((health for health in ("UNHEALTHY", "HEALTHY") if health in healths), "UNKNOWN")
