"""Authorize `ssm:GetParameters` on the requested parameter.

AWS: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html

ministack requires permission on `*`. With several parameters, this patch checks only the first one.
"""

import json
from collections.abc import Mapping
from typing import Any

from local.aws.expected import Expected

MODULE = "ministack.core.iam_actions"

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
        target = headers.get("x-amz-target", "")
        if service == "ssm" and target.endswith(".GetParameters"):
            names = json.loads(body or b"{}").get("Names") or ["*"]
            return str(extract(service, method, path, headers, json.dumps({"Name": names[0]}).encode(), *rest))
        return str(extract(service, method, path, headers, body, *rest))

    actions.extract_resource_arn = extract_resource_arn
