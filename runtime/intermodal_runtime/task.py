"""Watch the app in an ECS task with the task metadata endpoint, version 4."""

import asyncio
import http
import json
import signal
from typing import Any

from .api import RuntimeApi
from .errors import ErrorType
from .runner import exit_reason

TICK_SECONDS = 0.5
ANSWER_SECONDS = 2.0


async def fail_when_app_stops(metadata_uri: str, container: str, api: RuntimeApi) -> None:
    """Fail the open event once the app's container has stopped.

    This is needed only while the task is stopping: the app is essential, so ECS stops the task after it exits.
    """
    while True:
        if reason := await find_exit(metadata_uri, container):
            api.fail_pending(*reason)
            return
        await asyncio.sleep(TICK_SECONDS)


async def find_exit(metadata_uri: str, container: str) -> tuple[str, str] | None:
    """Return how the app's container exited, or None if it is running or the agent does not respond."""
    import urllib3  # noqa: PLC0415 - already loaded for the SDK

    try:
        return parse_exit(await get_json(f"{metadata_uri}/task"), container)
    except (urllib3.exceptions.HTTPError, ValueError):
        return None


async def get_json(url: str) -> dict[str, Any]:
    """Return the agent's JSON response.

    Raises:
        urllib3.exceptions.HTTPError: The agent does not respond.
        ValueError: The response is not a JSON object; the agent returns errors as plain text (amazon-ecs-agent,
            handlers of version 4).
    """
    import urllib3  # noqa: PLC0415 - see above

    answer = await asyncio.to_thread(urllib3.request, "GET", url, timeout=ANSWER_SECONDS, retries=False)
    found = json.loads(answer.data)
    if answer.status != http.HTTPStatus.OK or not isinstance(found, dict):
        raise ValueError(f"the agent answers {answer.status} {str(found)[:200]}")
    return found


def parse_exit(task: dict[str, Any], container: str) -> tuple[str, str] | None:
    """Return a stopped container's error type and exit reason, or None if it is running."""
    for one in task.get("Containers") or []:
        if one.get("Name") == container and one.get("KnownStatus") == "STOPPED":
            code = 1 if one.get("ExitCode") is None else int(one["ExitCode"])
            kind = ErrorType.OUT_OF_MEMORY if "OutOfMemory" in str(one.get("Reason", "")) else ErrorType.EXIT_ERROR
            return kind, exit_reason(128 - code if 128 < code <= 128 + signal.NSIG else code)
    return None
