"""The resource that IAM judges for the protection of tasks is the task; ministack takes its cluster for it."""

import json
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

ACTIONS = "ministack.core.iam_actions"

EXPECTED: dict[tuple[str, str], Sequence[str]] = {
    (ACTIONS, "extract_resource_arn"): (
        "service", "method", "path", "headers", "body", "query_params", "region", "account_id",
    ),
}  # fmt: skip
OF_TASKS = ("UpdateTaskProtection", "GetTaskProtection")


def apply() -> None:
    """Patch ministack in this process."""
    actions: Any = import_module(ACTIONS)
    extract = actions.extract_resource_arn

    def extract_resource_arn(
        service: str, method: str, path: str, headers: Mapping[str, str], body: bytes, *rest: Any
    ) -> str:
        arn: str = extract(service, method, path, headers, body, *rest)
        if service != "ecs" or headers.get("x-amz-target", "").rpartition(".")[2] not in OF_TASKS:
            return arn
        try:
            tasks = json.loads(body).get("tasks") or []
        except ValueError:
            return arn
        task = str(tasks[0]) if tasks else "*"
        return task if task.startswith("arn:") else f"{arn.replace(':cluster/', ':task/')}/{task}"

    actions.extract_resource_arn = extract_resource_arn
