"""Request task scale-in protection from the ECS agent."""

import json
from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

ANSWER_SECONDS = 5.0
"""Timeout for the agent's response, longer than its timeout of 4 s for ECS (amazon-ecs-agent, task_server_setup.go)."""

BLOCKED = "DEPLOYMENT_BLOCKED"
"""Reason if protecting the task would exceed the desired count (ECS developer guide, task scale-in protection)."""

GONE = ("TASK_NOT_VALID", "MISSING", "ResourceNotFoundException", "ClusterNotFoundException")
"""Reasons and error codes for a task that cannot be protected, because it is stopping or does not belong to a service
(ECS API reference: API failure reasons, and the errors of UpdateTaskProtection)."""

PATH = "/task-protection/v1/state"


class ProtectionStatus(Enum):
    """Outcome of a protection request."""

    GRANTED = "granted"
    REFUSED = "refused"
    """The task must not receive messages."""
    FAILED = "failed"
    """The agent did not respond, or returned an error that does not concern this task."""


class AgentResponse(NamedTuple):
    """Status of a request, and the agent's message, which is empty if protection was granted."""

    status: ProtectionStatus
    text: str = ""
    gone: bool = False
    """Whether the task is stopping or does not belong to a service."""


def put_state(uri: str, state: Mapping[str, object], answer_seconds: float = ANSWER_SECONDS) -> AgentResponse:
    """Send a protection request; if ECS rejects it, the agent responds with 200 and a `failure`."""
    import urllib3  # noqa: PLC0415 - the HTTP client of botocore, only loaded on ECS

    answer = urllib3.request(
        "PUT",
        uri,
        body=json.dumps(state).encode(),
        headers={"Content-Type": "application/json"},
        timeout=urllib3.Timeout(total=answer_seconds),
        retries=False,
    )
    return parse_response(answer.status, answer.data.decode(errors="replace"))


def parse_response(status: int, text: str) -> AgentResponse:
    """Parse a response from the agent.

    Raises:
        ValueError: A successful response is not valid JSON.
    """
    if status == 200:
        failure = json.loads(text or "{}").get("failure")
        if not failure:
            return AgentResponse(ProtectionStatus.GRANTED)
        reason, said = str(failure.get("Reason")), f"{failure.get('Reason')} {failure.get('Detail', '')}".strip()
    else:
        reason, said = _parse_code(text), f"{status} {text[:300]}"
    gone = reason in GONE
    return AgentResponse(ProtectionStatus.REFUSED if gone or reason == BLOCKED else ProtectionStatus.FAILED, said, gone)


def _parse_code(text: str) -> str:
    """Return the error code, or an empty string if the response contains none."""
    try:
        return str(json.loads(text)["error"]["Code"])
    except (ValueError, KeyError, TypeError):
        return ""
