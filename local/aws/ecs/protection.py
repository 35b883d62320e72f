"""Emulate task scale-in protection (ECS API reference, UpdateTaskProtection)."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from local.aws.ecs import records
from local.aws.ecs.records import ECS

EXPECTED: dict[tuple[str, str], Sequence[str]] = {
    (ECS, "_update_task_protection"): ("data",),
    (ECS, "_get_task_protection"): ("data",),
}
DEFAULT_MINUTES, MOST_MINUTES, MOST_TASKS = 120, 2880, 10
UNTIL = "_protected_until"
NOTICE_SECONDS = 1.0
"""Delay before the scheduler acts on expired protection. AWS documents no delay, so do not rely on a shorter one."""


def is_protected(task: Mapping[str, Any]) -> bool:
    """Return whether a task is currently protected."""
    return bool(task.get(UNTIL, 0) > time.time())


def was_protected_lately(task: Mapping[str, Any]) -> bool:
    """Return whether a task is protected or was until `NOTICE_SECONDS` ago, so the scheduler must not stop it."""
    return bool(task.get(UNTIL, 0) > time.time() - NOTICE_SECONDS)


def apply(ecs: Any, when_changed: Callable[[], None]) -> None:
    """Serve the task protection API; call `when_changed` after each update."""

    def update(data: dict[str, Any]) -> Any:
        if (problem := _find_problem(data)) is not None:
            return ecs.error_response_json("InvalidParameterException", problem, 400)
        minutes = data.get("expiresInMinutes") or DEFAULT_MINUTES

        def change(task: dict[str, Any]) -> str | None:
            if data["protectionEnabled"] and _is_blocked(ecs, task):
                return "DEPLOYMENT_BLOCKED"
            now = time.time()
            task[UNTIL] = now + minutes * 60 if data["protectionEnabled"] else min(task.get(UNTIL, 0), now)
            return None

        answer = _each(ecs, data, data["tasks"], change)
        when_changed()
        return answer

    def get(data: dict[str, Any]) -> Any:
        return _each(ecs, data, data.get("tasks") or _tasks_of(ecs, data), lambda _: None)

    ecs._update_task_protection, ecs._get_task_protection = update, get
    ecs._ACTION_MAP |= {"UpdateTaskProtection": update, "GetTaskProtection": get}


def _find_problem(data: Mapping[str, Any]) -> str | None:
    tasks, minutes = data.get("tasks") or [], data.get("expiresInMinutes")
    if not 1 <= len(tasks) <= MOST_TASKS:
        return f"tasks must list 1 to {MOST_TASKS} tasks, got {len(tasks)}."
    if not isinstance(data.get("protectionEnabled"), bool):
        return "protectionEnabled is required."
    if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
        return f"expiresInMinutes must be from 1 to {MOST_MINUTES}, got {minutes}."
    return None


def _tasks_of(ecs: Any, data: Mapping[str, Any]) -> list[str]:
    cluster = ecs._clusters.get(ecs._resolve_cluster_name(data.get("cluster", "default"))) or {}
    return [arn for arn, task in ecs._tasks.items() if task["clusterArn"] == cluster.get("clusterArn")]


def _each(
    ecs: Any, data: Mapping[str, Any], references: Sequence[str], change: Callable[[dict[str, Any]], str | None]
) -> Any:
    cluster = ecs._resolve_cluster_name(data.get("cluster", "default"))
    shown, failures = [], []
    for reference in references:
        task = ecs._resolve_task(reference, cluster) if cluster else None
        if task is None:
            failures.append({"arn": reference, "reason": "MISSING"})
            continue
        with records.lock_of(task):
            invalid = not task["group"].startswith("service:") or records.is_stopping(task)
            reason = "TASK_NOT_VALID" if invalid else change(task)
        if reason:
            failures.append({"arn": task["taskArn"], "reason": reason})
        else:
            shown.append(_describe(task))
    return ecs.json_response({"protectedTasks": shown, "failures": failures})


def _describe(task: Mapping[str, Any]) -> dict[str, Any]:
    if not is_protected(task):
        return {"taskArn": task["taskArn"], "protectionEnabled": False}
    return {"taskArn": task["taskArn"], "protectionEnabled": True, "expirationDate": task[UNTIL]}


def _is_blocked(ecs: Any, task: Mapping[str, Any]) -> bool:
    """Return whether protecting this task would give the service more protected tasks than its desired count.

    DEPLOYMENT_BLOCKED has no other cause, even for renewals. A task in an older deployment may still renew its
    protection if that does not exceed the desired count (ECS developer guide, task scale-in protection).
    """
    cluster = ecs._cluster_name_from_arn(task["clusterArn"])
    service = ecs._services.get(f"{cluster}/{task['group'].removeprefix('service:')}")
    if not service:
        return False
    others = sum(
        is_protected(other) and not records.is_stopping(other)
        for other in ecs._tasks.values()
        if other is not task and other["group"] == task["group"] and other["clusterArn"] == task["clusterArn"]
    )
    return bool(others + 1 > service["desiredCount"])
