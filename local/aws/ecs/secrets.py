"""Fetch a container's secrets and create its log stream with the execution role."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.aws.ecs.spec import Spec

Connect = Callable[[str, str | None], Any]
"""Returns a client for a service with the execution role's credentials; region None means the task's region."""

SECRET_PARTS = 7
"""Parts in a Secrets Manager ARN; key, stage, and version follow, either all or none (ECS agent, asmsecret.go)."""


class StartError(Exception):
    """The task failed to start; the message becomes its stoppedReason."""


def fetch_secrets(spec: Spec, connect: Connect) -> dict[str, str]:
    """Return the container's secret values by environment variable.

    Raises:
            StartError: a secret does not exist, or the execution role is not allowed to read it.
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
        selectors = {name: value for name, value in {"VersionStage": stage, "VersionId": version}.items() if value}
        secret_id = ":".join(parts[:SECRET_PARTS])
        found = connect("secretsmanager", parts[3]).get_secret_value(SecretId=secret_id, **selectors)
        text = str(found["SecretString"])
        return str(json.loads(text)[key]) if key else text
    region, name = None, source
    if source.startswith("arn:"):
        region, name = source.split(":")[3], "/" + source.partition(":parameter/")[2]
    answer = connect("ssm", region).get_parameters(Names=[name], WithDecryption=True)
    if not answer["Parameters"] and source.startswith("arn:"):
        # The ARN does not show whether the name starts with a slash.
        answer = connect("ssm", region).get_parameters(Names=[name.removeprefix("/")], WithDecryption=True)
    if not answer["Parameters"]:
        raise ValueError("invalid ssm parameters: no such parameter")
    return str(answer["Parameters"][0]["Value"])


def log_stream(spec: Spec, task_id: str, connect: Connect) -> tuple[Any, str, str] | None:
    """Create the container's log stream; return its client, group and name, or None without the awslogs driver.

    Raises:
        StartError: the log group does not exist, or the execution role is not allowed to write to it.
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
            _ignore_existing(lambda: client.create_log_group(logGroupName=group))
        _ignore_existing(lambda: client.create_log_stream(logGroupName=group, logStreamName=name))
    except (ClientError, BotoCoreError) as error:
        raise StartError(
            "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: "
            f"failed to create Cloudwatch log stream: {error}"
        ) from error
    return client, group, name


def _ignore_existing(create: Callable[[], Any]) -> None:
    try:
        create()
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceAlreadyExistsException":
            raise
