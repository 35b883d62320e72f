"""The agent's API of a task: its protection from scale-in, as amazon-ecs-agent answers it.

See ecs-agent/tmds/handlers/taskprotection/v1/handlers/handlers.go there.
"""

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.aws.ecs.credentials import Role
from local.aws.ecs.endpoints import Answer
from local.aws.settings import Emulator

FIELDS = {"protectionenabled": "ProtectionEnabled", "expiresinminutes": "ExpiresInMinutes"}
"""Go's decoder takes a field's name in any case."""

PATH = "task-protection/v1/state"


class Protector:
    """Answers for one task, with its role."""

    def __init__(self, task: Mapping[str, Any], role: Role | None, emulator: Emulator) -> None:
        self._task, self._role, self._emulator = task, role, emulator

    def __call__(self, method: str, rest: str, body: bytes) -> Answer:
        """GET or PUT the state."""
        if rest.rstrip("/") != PATH or method not in {"GET", "PUT"}:
            return 404, {"error": {"Code": "ResourceNotFoundException", "Message": f"No such path: {rest}"}}
        wanted: dict[str, Any] = {}
        if method == "PUT":
            decoded = _decoded(body)
            if decoded is None:
                return _error(400, "", "InvalidParameterException", "UpdateTaskProtection: failed to decode request")
            if decoded.get("ProtectionEnabled") is None:
                text = "Invalid request: does not contain 'ProtectionEnabled' field"
                return _error(400, self._task["taskArn"], "InvalidParameterException", text)
            minutes = decoded.get("ExpiresInMinutes")
            wanted = {"protectionEnabled": decoded["ProtectionEnabled"]}
            wanted |= {} if minutes is None else {"expiresInMinutes": minutes}
        return self._call(wanted)

    def _call(self, wanted: Mapping[str, Any]) -> Answer:
        arn = self._task["taskArn"]
        if self._role is None:
            text = "Invalid Request: no task IAM role credentials available for task"
            return _error(403, arn, "AccessDeniedException", text)
        ecs = self._role.client("ecs", self._emulator, arn.split(":")[3])
        about = {"cluster": self._task["clusterArn"], "tasks": [arn]}
        try:
            answer = ecs.update_task_protection(**about, **wanted) if wanted else ecs.get_task_protection(**about)
        except ClientError as error:
            status, said = error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["Error"]
            # AWS refuses with 400 in this protocol, and the agent hands its status on.
            return _error(status, arn, said["Code"], said["Message"])
        except BotoCoreError as error:
            return _error(500, arn, "ServerException", str(error))
        if answer["failures"]:
            return 200, {"failure": _in_go(answer["failures"][0])}
        return 200, {"protection": _in_go(answer["protectedTasks"][0])}


def _decoded(body: bytes) -> dict[str, Any] | None:
    """The request; None where Go's strict decoder would refuse it."""
    try:
        document = json.loads(body)
    except ValueError:
        return None
    if not isinstance(document, dict) or any(name.lower() not in FIELDS for name in document):
        return None
    named = {FIELDS[name.lower()]: value for name, value in document.items()}
    enabled, minutes = named.get("ProtectionEnabled"), named.get("ExpiresInMinutes")
    whole = isinstance(minutes, int) and not isinstance(minutes, bool)
    return named if isinstance(enabled, bool | None) and (minutes is None or whole) else None


def _in_go(document: Mapping[str, Any]) -> dict[str, Any]:
    """Names as Go's SDK has them, times as it writes them."""
    return {
        name[0].upper() + name[1:]: value.isoformat().replace("+00:00", "Z") if hasattr(value, "isoformat") else value
        for name, value in document.items()
    }


def _error(status: int, arn: str, code: str, text: str) -> Answer:
    return status, {"error": {**({"Arn": arn} if arn else {}), "Code": code, "Message": text}}
