"""Reject a function if its image does not exist.

AWS: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html

The page documents InvalidParameterValueException. In ministack, only the first invocation fails.
"""

from typing import Any

from local.aws.expected import Expected
from local.aws.runners import FunctionRunner

MODULE = "ministack.services.lambda_svc"

EXPECTED: Expected = {
    (MODULE, "_create_function"): ("data",),
    (MODULE, "_update_code"): ("name", "data"),
    (MODULE, "error_response_json"): ("code", "message", "status", "extra", "message_key", "content_type"),
}


def apply(lambda_svc: Any, runner: FunctionRunner) -> None:
    """Patch ministack's lambda_svc module."""
    create, update = lambda_svc._create_function, lambda_svc._update_code

    def reject(reference: str | None) -> Any:
        if reference is None or runner.has_image(reference):
            return None
        text = f"Source image {reference} does not exist. Provide a valid source image. (Locally: run `make images`.)"
        return lambda_svc.error_response_json("InvalidParameterValueException", text, 400)

    def create_function(data: dict[str, Any]) -> Any:
        return reject(data.get("Code", {}).get("ImageUri")) or create(data)

    def update_code(name: str, data: dict[str, Any]) -> Any:
        return reject(data.get("ImageUri")) or update(name, data)

    lambda_svc._create_function, lambda_svc._update_code = create_function, update_code
