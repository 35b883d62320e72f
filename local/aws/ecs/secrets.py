"""What the execution role fetches before a container starts: secrets, and its log stream."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.aws.ecs.spec import Spec

Connect = Callable[[str, str | None], Any]
"""A client of a service as the execution role, in a region (None: the task's)."""

SECRET_PARTS = 7
"""An ARN of Secrets Manager; ECS lets key, stage and version follow, all or none of them (its agent, asmsecret.go)."""


class StartError(Exception):
    """A task that cannot start; the text is its stoppedReason."""


def resolved(spec: Spec, connect: Connect) -> dict[str, str]:
    """The container's secrets by variable.

    Raises:
        StartError: one is not there, or the execution role may not read it.
    """
    values = {}
    for secret in spec.definition.get("secrets") or []:
        try:
            values[secret["name"]] = _value(secret["valueFrom"], connect)
        except (ClientError, BotoCoreError, ValueError, KeyError) as error:
            raise StartError(
                "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval "
                f"failed: unable to retrieve secret {secret['valueFrom']}: {error}"
            ) from error
    return values


def _value(source: str, connect: Connect) -> str:
    if ":secretsmanager:" in source:
        parts = source.split(":")
        if len(parts) not in (SECRET_PARTS, SECRET_PARTS + 3):
            raise ValueError("unexpected ARN format with parameters when trying to retrieve ASM secret")
        key, stage, version = parts[SECRET_PARTS:] or ("", "", "")
        chosen = {"VersionStage": stage, "VersionId": version}
        given = {name: value for name, value in chosen.items() if value}
        found = connect("secretsmanager", parts[3]).get_secret_value(SecretId=":".join(parts[:SECRET_PARTS]), **given)
        text = str(found["SecretString"])
        return str(json.loads(text)[key]) if key else text
    region, name = None, source
    if source.startswith("arn:"):
        region, name = source.split(":")[3], "/" + source.partition(":parameter/")[2]
    answer = connect("ssm", region).get_parameters(Names=[name], WithDecryption=True)
    if not answer["Parameters"] and source.startswith("arn:"):  # a name without a slash has the same form of ARN
        answer = connect("ssm", region).get_parameters(Names=[name.removeprefix("/")], WithDecryption=True)
    if not answer["Parameters"]:
        raise ValueError("invalid ssm parameters: no such parameter")
    return str(answer["Parameters"][0]["Value"])


def log_stream(spec: Spec, task_id: str, connect: Connect) -> tuple[Any, str, str] | None:
    """Client, group and name of the container's stream, made now; None without the awslogs driver.

    Raises:
        StartError: the group is not there, or the execution role may not write to it.
    """
    logging: Mapping[str, Any] = spec.definition.get("logConfiguration") or {}
    if logging.get("logDriver") != "awslogs":
        return None
    options = logging["options"]
    group = options["awslogs-group"]
    name = f"{options.get('awslogs-stream-prefix', 'ecs')}/{spec.name}/{task_id}"
    client = connect("logs", options.get("awslogs-region"))
    try:
        if str(options.get("awslogs-create-group")).lower() == "true":
            _unless_there(lambda: client.create_log_group(logGroupName=group))
        _unless_there(lambda: client.create_log_stream(logGroupName=group, logStreamName=name))
    except (ClientError, BotoCoreError) as error:
        raise StartError(
            "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: "
            f"failed to create Cloudwatch log stream: {error}"
        ) from error
    return client, group, name


def _unless_there(create: Callable[[], Any]) -> None:
    try:
        create()
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceAlreadyExistsException":
            raise
