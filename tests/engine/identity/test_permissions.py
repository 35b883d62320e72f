"""With IAM enforced, each link allows its call, and without the link exactly that call is denied."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.harness.project import Project
from local.aws import deployer
from local.aws.settings import Emulator
from local.engine.workspace import Workspace

PROGRAM = Path(__file__).with_name("program")
ROW = {"id": {"S": "1"}}
CALLS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "read bucket": ("s3", "list_objects_v2", {"Bucket": "$FILES_BUCKET"}),
    "write bucket": ("s3", "put_object", {"Bucket": "$FILES_BUCKET", "Key": "a", "Body": "b"}),
    "send queue": ("sqs", "send_message", {"QueueUrl": "$NEXT_QUEUE_URL", "MessageBody": "m"}),
    "send topic": ("sns", "publish", {"TopicArn": "$NEWS_TOPIC_ARN", "Message": "m"}),
    "read table": ("dynamodb", "get_item", {"TableName": "$ROWS_TABLE_NAME", "Key": ROW}),
    "write table": ("dynamodb", "put_item", {"TableName": "$ROWS_TABLE_NAME", "Item": ROW}),
    "read secret": ("secretsmanager", "get_secret_value", {"SecretId": "$KEY_SECRET_ARN"}),
    "read parameter": ("ssm", "get_parameter", {"Name": "$SETTINGS_PARAMETER"}),
    "write parameter": ("ssm", "put_parameter", {"Name": "$SETTINGS_PARAMETER", "Value": "2", "Overwrite": True}),
}
"""The call that each link allows; `send bus` has its own test, because PutEvents lists the bus in its entries."""


@pytest.fixture(scope="module")
def project(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Create a stack; destroy it at the end."""
    made = Project.copy(workspace, PROGRAM, tmp_path_factory.mktemp("identity") / "p", f"i{os.urandom(3).hex()}")
    yield made
    made.destroy()


def call_outcomes(project: Project, emulator: Emulator, image: str, without: list[str]) -> dict[str, str]:
    """Return the outcome of each call in a function without these links."""
    project.configure({"identity:image": image, "identity:without": without})
    function = project.up()["function"]
    client = deployer.session(emulator).client("lambda", endpoint_url=emulator.endpoint)
    calls = {
        name: {"service": service, "method": method, "arguments": arguments}
        for name, (service, method, arguments) in CALLS.items()
    }
    payload = json.dumps({"mode": "calls", "calls": calls})
    answer = client.invoke(FunctionName=function, Payload=payload.encode())
    found: dict[str, str] = json.loads(answer["Payload"].read())
    return found


@pytest.mark.parametrize("without", [[], *[[name] for name in CALLS]], ids=lambda names: " ".join(names) or "all links")
def test_only_calls_without_permission_are_denied(
    project: Project, emulator: Emulator, images_of_examples: dict[str, str], without: list[str]
) -> None:
    found = call_outcomes(project, emulator, images_of_examples["tests/local/modes"], without)
    denied = {
        name for name, code in found.items() if code in {"AccessDenied", "AccessDeniedException", "AuthorizationError"}
    }
    assert denied == set(without), found
    assert {code for name, code in found.items() if name not in without} == {"ok"}, found
