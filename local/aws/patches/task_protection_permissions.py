"""Authorize task protection calls on the task.

AWS: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html

ministack requires permission on the cluster.
"""

import json
from collections.abc import Mapping
from typing import Any

from local.aws.expected import Expected

MODULE = "ministack.core.iam_actions"
OF_TASKS = ("UpdateTaskProtection", "GetTaskProtection")

EXPECTED: Expected = {
    (MODULE, "extract_resource_arn"): (
        "service",
        "method",
        "path",
        "headers",
        "body",
        "query_params",
        "region",
        "account_id",
    ),
}


def apply(actions: Any) -> None:
    """Patch ministack's iam_actions module."""
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
