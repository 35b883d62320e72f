"""Secrets become environment variables on every target and are never in plain text before that."""

import base64
import json
from typing import Any

import pytest
from pulumi.runtime import rpc

from intermodal import ContainerFunction, DefinitionError
from intermodal.identity.secrets import Reference, parse_reference, read_permissions
from intermodal.targets.secret_values import _extract
from tests.conftest import IMAGE, SECRET, Cloud, Run
from tests.unit.targets.ecs_lane import HANDLE
from tests.unit.targets.kubernetes_lane import function, pod

ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf"
PARAMETER = "arn:aws:ssm:eu-central-1:123456789012:parameter/scan/level"
SECRETS = {"DB": ARN, "DB_USER": f"{ARN}:user", "DB_PORT": f"{ARN}:port::", "DEPTH": PARAMETER}
VALUE_FROM = {"DB": ARN, "DB_USER": f"{ARN}:user::", "DB_PORT": f"{ARN}:port::", "DEPTH": PARAMETER}
"""After an ARN, ECS accepts all three fields or none (amazon-ecs-agent, asmsecret.go)."""

VALUES = {"DB": SECRET, "DB_USER": "ada", "DB_PORT": "5432", "DEPTH": "plain"}


def unwrap_secret(value: Any) -> Any:
    """Return the value that was registered as a secret; fail if it is not one."""
    assert rpc.is_rpc_secret(value)
    return value["value"]


def register(cloud: Run, target: str, **more: Any) -> Cloud:
    """Register a function with secrets."""
    definition: Any = {"image": IMAGE, "target": target, "secrets": SECRETS, **more}
    return cloud(lambda: ContainerFunction("scan", definition))


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        (ARN, Reference(arn=ARN)),
        (f"{ARN}:user", Reference(arn=ARN, key="user")),
        (f"{ARN}:user:AWSPREVIOUS:", Reference(arn=ARN, key="user", stage="AWSPREVIOUS")),
        (f"{ARN}:::v1", Reference(arn=ARN, version="v1")),
        (PARAMETER, Reference(arn=PARAMETER)),
        ("swordfish", None),
        ("arn:aws:s3:::bucket", None),
    ],
)
def test_secret_references_use_the_ecs_format(text: str, reference: Reference | None) -> None:
    assert parse_reference(text) == reference


def test_missing_key_error_does_not_reveal_the_secret() -> None:
    with pytest.raises(DefinitionError, match=r'secrets\.DB references the key "password"') as refused:
        _extract("F", "DB", "password", SECRET)
    assert "ada" not in str(refused.value)


def test_lambda_secrets_are_environment_variables(cloud: Run) -> None:
    found = register(cloud, "lambda", environment={"MODE": "fast"}).inputs(
        "aws:lambda/function:Function", "scan-main-function"
    )
    assert unwrap_secret(found["environment"])["variables"] == {**VALUES, "MODE": "fast"}


def test_ecs_secrets_are_references_read_by_the_execution_role(cloud: Run) -> None:
    found = register(cloud, "ecs", platform=HANDLE, vpc=True)
    task = found.inputs("aws:ecs/taskDefinition:TaskDefinition", "scan-main-task")
    app = next(one for one in json.loads(task["containerDefinitions"]) if one["name"] == "app")
    assert {one["name"]: one["valueFrom"] for one in app["secrets"]} == VALUE_FROM
    assert not {"DB", "DEPTH"} & {one["name"] for one in app["environment"]}
    policy = json.loads(found.inputs("aws:iam/rolePolicy:RolePolicy", "scan-main-execution")["policy"])
    may = {one["Sid"]: (one["Action"], one["Resource"]) for one in policy["Statement"]}
    assert may["Secrets"] == (["secretsmanager:GetSecretValue"], [ARN])
    assert may["Parameters"] == (["ssm:GetParameters"], [PARAMETER])


def test_only_the_app_container_gets_kubernetes_secrets(cloud: Run) -> None:
    found = function(cloud, secrets=SECRETS)
    secret = found.inputs("kubernetes:core/v1:Secret", "scan-main-secrets")
    assert {name: base64.b64decode(value).decode() for name, value in unwrap_secret(secret["data"]).items()} == VALUES
    adapter, app = pod(found)["initContainers"]
    referred = {one["name"]: one["valueFrom"]["secretKeyRef"] for one in app["env"] if "valueFrom" in one}
    assert referred == {name: {"name": secret["metadata"]["name"], "key": name} for name in SECRETS}
    assert all("valueFrom" not in one for one in adapter["env"])


def test_without_secrets_nothing_is_created_or_read(cloud: Run) -> None:
    assert not any("core/v1:Secret" in each for each in function(cloud).list_registrations())
    assert read_permissions([]) == []
