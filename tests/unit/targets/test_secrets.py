"""Secrets become environment variables on every target, and are plain text nowhere on the way."""

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
IN_FULL = {"DB": ARN, "DB_USER": f"{ARN}:user::", "DB_PORT": f"{ARN}:port::", "DEPTH": PARAMETER}
"""ECS takes all three fields behind an ARN or none (amazon-ecs-agent, asmsecret.go)."""

VALUES = {"DB": SECRET, "DB_USER": "ada", "DB_PORT": "5432", "DEPTH": "plain"}


def plain(value: Any) -> Any:
    """What the recorder was given as a secret, which all of this has to be."""
    assert rpc.is_rpc_secret(value)
    return value["value"]


def made(cloud: Run, target: str, **more: Any) -> Cloud:
    """A function with secrets."""
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
def test_references_are_those_of_ecs(text: str, reference: Reference | None) -> None:
    assert parse_reference(text) == reference


def test_a_key_that_is_not_there_is_said_without_the_secret() -> None:
    with pytest.raises(DefinitionError, match=r'secrets\.DB names the key "password"') as refused:
        _extract("F", "DB", "password", SECRET)
    assert "ada" not in str(refused.value)


def test_on_lambda_they_are_variables_beside_the_others(cloud: Run) -> None:
    found = made(cloud, "lambda", environment={"MODE": "fast"}).inputs(
        "aws:lambda/function:Function", "scan-main-function"
    )
    assert plain(found["environment"])["variables"] == {**VALUES, "MODE": "fast"}


def test_ecs_secrets_are_references_read_by_the_execution_role(cloud: Run) -> None:
    found = made(cloud, "ecs", platform=HANDLE, vpc=True)
    task = found.inputs("aws:ecs/taskDefinition:TaskDefinition", "scan-main-task")
    app = next(one for one in json.loads(task["containerDefinitions"]) if one["name"] == "app")
    assert {one["name"]: one["valueFrom"] for one in app["secrets"]} == IN_FULL
    assert not {"DB", "DEPTH"} & {one["name"] for one in app["environment"]}
    policy = json.loads(found.inputs("aws:iam/rolePolicy:RolePolicy", "scan-main-execution")["policy"])
    may = {one["Sid"]: (one["Action"], one["Resource"]) for one in policy["Statement"]}
    assert may["Secrets"] == (["secretsmanager:GetSecretValue"], [ARN])
    assert may["Parameters"] == (["ssm:GetParameters"], [PARAMETER])


def test_kubernetes_secrets_reach_the_app_container_only(cloud: Run) -> None:
    found = function(cloud, secrets=SECRETS)
    secret = found.inputs("kubernetes:core/v1:Secret", "scan-main-secrets")
    assert {name: base64.b64decode(value).decode() for name, value in plain(secret["data"]).items()} == VALUES
    adapter, app = pod(found)["initContainers"]
    referred = {one["name"]: one["valueFrom"]["secretKeyRef"] for one in app["env"] if "valueFrom" in one}
    assert referred == {name: {"name": secret["metadata"]["name"], "key": name} for name in SECRETS}
    assert all("valueFrom" not in one for one in adapter["env"])


def test_without_secrets_there_is_no_secret_and_nothing_is_read(cloud: Run) -> None:
    assert not any("core/v1:Secret" in each for each in function(cloud).registered())
    assert read_permissions([]) == []
