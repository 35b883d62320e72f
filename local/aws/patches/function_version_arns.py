"""Append the version to each version's ARN, including `:$LATEST`.

AWS: https://docs.aws.amazon.com/lambda/latest/api/API_ListVersionsByFunction.html

The page's example shows these ARNs. ministack returns the function's ARN.
"""

import json
from typing import Any

from local.aws.expected import Expected

MODULE = "ministack.services.lambda_svc"

EXPECTED: Expected = {
    (MODULE, "_list_versions"): ("name", "query_params"),
}


def apply(lambda_svc: Any) -> None:
    """Patch ministack's lambda_svc module."""
    list_versions = lambda_svc._list_versions

    def list_with_arns(name: str, query_params: Any) -> Any:
        status, headers, body = list_versions(name, query_params)
        if status != 200:
            return status, headers, body
        answer = json.loads(body)
        for version in answer["Versions"]:
            if not version["FunctionArn"].endswith(f":{version['Version']}"):
                version["FunctionArn"] += f":{version['Version']}"
        return status, headers, json.dumps(answer).encode()

    lambda_svc._list_versions = list_with_arns
