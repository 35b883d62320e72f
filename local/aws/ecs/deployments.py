"""Manage a service's deployments: start tasks, back off after failures, break the circuit, and complete."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from local.aws.ecs import records
from local.aws.ecs.rollout import RunningTask

MOST_BACK_OFF_SECONDS = 60.0
"""Maximum back-off after failures; AWS backs off up to many minutes (developer guide, service throttle logic)."""

OWN_ENDS = {"EssentialContainerExited", "TaskFailedToStart"}


def tasks_of(ecs: Any, service: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return all recorded tasks of a service."""
    group = f"service:{service['serviceName']}"
    found: list[dict[str, Any]] = [
        task
        for task in list(ecs._tasks.values())
        if task["group"] == group
        and task["clusterArn"] == service["clusterArn"]
        and task.get("_service_created") == service["createdAt"]
    ]
    return found


def launch(ecs: Any, service: dict[str, Any], deployment: dict[str, Any], count: int) -> None:
    """Start `count` tasks of a deployment."""
    before = set(ecs._tasks)
    status, _, body = ecs._run_task(
        {
            "cluster": service["clusterArn"],
            "taskDefinition": deployment["taskDefinition"],
            "count": count,
            "group": f"service:{service['serviceName']}",
            "startedBy": deployment["id"],
            "launchType": service.get("launchType"),
            "capacityProviderStrategy": service.get("capacityProviderStrategy"),
            "platformVersion": service.get("platformVersion", ""),
            "networkConfiguration": service.get("networkConfiguration", {}),
            "_deploymentId": deployment["id"],
        }
    )
    if status != 200:
        _add_event(ecs, service, f"was unable to place a task. Reason: {body.decode(errors='replace')}")
        deployment["_not_before"] = time.time() + MOST_BACK_OFF_SECONDS
        return
    for arn in set(ecs._tasks) - before:
        task = ecs._tasks[arn]
        if task.get("_deployment_id") == deployment["id"]:
            task["_service_created"] = service["createdAt"]
    _add_event(ecs, service, f"has started {count} tasks.")


def count_ends(ecs: Any, service: dict[str, Any], tasks: Sequence[dict[str, Any]]) -> None:
    """Count the tasks that failed or exited without being stopped, before replacements start."""
    primary = ecs._primary_deployment(service)
    for task in tasks:
        if not records.is_stopping(task) or task.get("_counted"):
            continue
        task["_counted"] = True
        if primary is None or task.get("_deployment_id") != primary["id"] or task.get("stopCode") not in OWN_ENDS:
            continue
        if task.get("_startup_stable"):
            primary["_row"] = 0
            continue
        primary["_row"] = primary.get("_row", 0) + 1
        primary["_not_before"] = time.time() + min(2.0 ** (primary["_row"] - 1), MOST_BACK_OFF_SECONDS)
        if primary["rolloutState"] == "IN_PROGRESS":
            primary["failedTasks"] = int(primary.get("failedTasks", 0)) + 1
            _break(ecs, service, primary)


def settle(
    ecs: Any, service: dict[str, Any], running: Sequence[RunningTask], alive: Sequence[Mapping[str, Any]]
) -> None:
    """Complete a steady deployment, remove deployments without tasks, and deactivate a drained service."""
    if service["status"] == "DRAINING":
        if not alive:
            service["status"] = "INACTIVE"
        return
    primary = ecs._primary_deployment(service)
    used = {task.get("_deployment_id") for task in alive}
    service["deployments"] = [
        deployment
        for deployment in service["deployments"]
        if deployment is primary or deployment["id"] in used or deployment["rolloutState"] == "FAILED"
    ]
    if primary is None or primary["rolloutState"] != "IN_PROGRESS":
        return
    steady = sum(task.current and task.steady for task in running)
    if steady >= service["desiredCount"] and used <= {primary["id"]}:
        primary |= {"rolloutState": "COMPLETED", "rolloutStateReason": f"ECS deployment {primary['id']} completed."}
        primary["updatedAt"] = ecs._iso()
        service["_last_completed"] = primary["taskDefinition"]
        # A failed deployment stays visible until a deployment succeeds.
        service["deployments"] = [primary]
        _add_event(ecs, service, "has reached a steady state.")


def _break(ecs: Any, service: dict[str, Any], primary: dict[str, Any]) -> None:
    breaker = (service.get("deploymentConfiguration") or {}).get("deploymentCircuitBreaker") or {}
    if not breaker.get("enable") or primary["failedTasks"] < ecs._circuit_breaker_threshold(service):
        return
    reason = "ECS deployment circuit breaker: tasks failed to start."
    primary |= {"rolloutState": "FAILED", "rolloutStateReason": reason, "desiredCount": 0, "updatedAt": ecs._iso()}
    _add_event(ecs, service, f"(deployment {primary['id']}) deployment failed: tasks failed to start.")
    last = service.get("_last_completed")
    if breaker.get("rollback") and last and last != primary["taskDefinition"]:
        primary["status"] = "ACTIVE"
        earlier = next((d for d in service["deployments"] if d["taskDefinition"] == last), None)
        if earlier is None:
            earlier = ecs._make_deployment(last, service["desiredCount"])
            service["deployments"].insert(0, earlier)
        state = {"status": "PRIMARY", "rolloutState": "IN_PROGRESS", "desiredCount": service["desiredCount"]}
        earlier |= {**state, "rolloutStateReason": "ECS deployment circuit breaker: rolling back."}
        service["taskDefinition"] = last
        _add_event(ecs, service, f"rolling back to deployment {earlier['id']}.")


def _add_event(ecs: Any, service: dict[str, Any], text: str) -> None:
    event = {"id": ecs.new_uuid(), "createdAt": ecs._iso(), "message": f"(service {service['serviceName']}) {text}"}
    service["events"] = [event, *service["events"]][:100]
