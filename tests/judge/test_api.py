"""The offline provider's calls meet the constraints in botocore's service models."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ParamValidationError

from intermodal_offline.schemas import api


@pytest.mark.parametrize(
    ("service", "call", "parameters", "refusal"),
    [
        (
            "iam",
            "create_role",
            {"RoleName": "r" * 65, "AssumeRolePolicyDocument": "{}"},
            "RoleName must have at most 64",
        ),
        ("iam", "create_role", {"RoleName": "a b", "AssumeRolePolicyDocument": "{}"}, "RoleName must match"),
        ("lambda", "create_event_source_mapping", {"FunctionName": "f", "BatchSize": 10_001}, "BatchSize must have at"),
        (
            "lambda",
            "create_event_source_mapping",
            {"FunctionName": "f", "ScalingConfig": {"MaximumConcurrency": 1}},
            "ScalingConfig.MaximumConcurrency must have at least 2",
        ),
        ("scheduler", "create_schedule_group", {"Name": "g" * 65}, "Name must have at most 64"),
        ("ecs", "create_service", {"serviceName": "s", "launchType": "MAGIC"}, "launchType must be one of"),
    ],
)
def test_calls_that_aws_would_refuse_are_not_made(
    service: str, call: str, parameters: dict[str, Any], refusal: str
) -> None:
    client: Any = boto3.client(
        service,  # type: ignore[call-overload]
        region_name="eu-central-1",
        endpoint_url="http://127.0.0.1:1",
        aws_access_key_id="a",
        aws_secret_access_key="b",
    )
    api.refuse_invalid(client)
    with pytest.raises(ParamValidationError, match=refusal):
        getattr(client, call)(**parameters)
