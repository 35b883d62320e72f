"""Docker's statistics of a container, read now and then."""

import asyncio
from typing import Any

from docker.errors import DockerException

from intermodal_runtime.consumer.usage import AGENT_LOOKS_SECONDS, Reading, of_docker


def now(api: Any, container_id: str) -> dict[str, Any] | None:
    """As the ECS agent has them; None where there is no such container any more."""
    try:
        found: dict[str, Any] = api.stats(container_id, stream=False, one_shot=True)
    except (DockerException, OSError):
        return None
    return found


class Statistics:
    """A source of readings."""

    every_seconds = AGENT_LOOKS_SECONDS

    def __init__(self, container: Any) -> None:
        self._container = container

    async def read(self) -> Reading | None:
        """None where the container has ended."""
        return of_docker(await asyncio.to_thread(now, self._container.client.api, self._container.id))
