"""Emulate a task's agent API for scale-in protection, with the same responses as amazon-ecs-agent.

Source: ecs-agent/tmds/handlers/taskprotection/v1/handlers/handlers.go in the amazon-ecs-agent repository.
"""

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.aws.ecs.credentials import Role
from local.aws.ecs.endpoints import Answer
from local.aws.settings import Emulator

FIELDS = {"protectionenabled": "ProtectionEnabled", "expiresinminutes": "ExpiresInMinutes"}
"""Request field names by their lowercase form, because Go's decoder ignores case."""

PATH = "task-protection/v1/state"


class Protector:
    """Handler for one task's requests; it calls ECS with the task's role."""

    def __init__(self, task: Mapping[str, Any], role: Role | None, emulator: Emulator) -> None:
        self._task, self._role, self._emulator = task, role, emulator

    def __call__(self, method: str, rest: str, body: bytes) -> Answer:
        """Serve GET and PUT requests for the protection state."""
        if rest.rstrip("/") != PATH or method not in {"GET", "PUT"}:
            return 404, {"error": {"Code": "ResourceNotFoundException", "Message": f"No such path: {rest}"}}
        changes: dict[str, Any] = {}
        if method == "PUT":
            decoded = _decode(body)
            if decoded is None:
                return _error(400, "", "InvalidParameterException", "UpdateTaskProtection: failed to decode request")
            if decoded.get("ProtectionEnabled") is None:
                text = "Invalid request: does not contain 'ProtectionEnabled' field"
                return _error(400, self._task["taskArn"], "InvalidParameterException", text)
            minutes = decoded.get("ExpiresInMinutes")
            changes = {"protectionEnabled": decoded["ProtectionEnabled"]}
            changes |= {} if minutes is None else {"expiresInMinutes": minutes}
        return self._call(changes)

    def _call(self, changes: Mapping[str, Any]) -> Answer:
        arn = self._task["taskArn"]
        if self._role is None:
            text = "Invalid Request: no task IAM role credentials available for task"
            return _error(403, arn, "AccessDeniedException", text)
        ecs = self._role.client("ecs", self._emulator, arn.split(":")[3])
        about = {"cluster": self._task["clusterArn"], "tasks": [arn]}
        try:
            answer = ecs.update_task_protection(**about, **changes) if changes else ecs.get_task_protection(**about)
        except ClientError as error:
            status, details = error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["Error"]
            # In this protocol, a call that AWS rejects gets status 400, and the agent passes the status on.
            return _error(status, arn, details["Code"], details["Message"])
        except BotoCoreError as error:
            return _error(500, arn, "ServerException", str(error))
        if answer["failures"]:
            return 200, {"failure": _to_go(answer["failures"][0])}
        return 200, {"protection": _to_go(answer["protectedTasks"][0])}


def _decode(body: bytes) -> dict[str, Any] | None:
    """Return the decoded request, or None if Go's strict decoder would reject it."""
    try:
        document = json.loads(body)
    except ValueError:
        return None
    if not isinstance(document, dict) or any(name.lower() not in FIELDS for name in document):
        return None
    named = {FIELDS[name.lower()]: value for name, value in document.items()}
    enabled, minutes = named.get("ProtectionEnabled"), named.get("ExpiresInMinutes")
    is_integer = isinstance(minutes, int) and not isinstance(minutes, bool)
    return named if isinstance(enabled, bool | None) and (minutes is None or is_integer) else None


def _to_go(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document with field names and timestamps in the format of the AWS SDK for Go."""
    return {
        name[0].upper() + name[1:]: value.isoformat().replace("+00:00", "Z") if hasattr(value, "isoformat") else value
        for name, value in document.items()
    }


def _error(status: int, arn: str, code: str, text: str) -> Answer:
    return status, {"error": {**({"Arn": arn} if arn else {}), "Code": code, "Message": text}}
