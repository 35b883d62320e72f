"""Sample a container's Docker statistics on demand."""

import asyncio
import threading
from typing import Any

from docker.errors import DockerException

from intermodal_runtime.consumer.usage import AGENT_SAMPLE_SECONDS, Reading, parse_docker_stats


class Agent:
    """Statistics as the ECS agent serves them: the latest sample, or None before the first one.

    Docker needs a second to sample a container that shares another container's network.
    """

    def __init__(self, api: Any) -> None:
        self._api = api
        self._latest: dict[str, dict[str, Any]] = {}
        self._pending: set[str] = set()

    def of(self, container_id: str) -> dict[str, Any] | None:
        """Return a container's latest sample, or None, and start the next sample in the background."""
        if container_id not in self._pending:
            self._pending.add(container_id)
            threading.Thread(target=self._sample, args=(container_id,), daemon=True, name="ecs-stats").start()
        return self._latest.get(container_id)

    def _sample(self, container_id: str) -> None:
        found = now(self._api, container_id)
        if found is None:
            self._latest.pop(container_id, None)
        else:
            self._latest[container_id] = found
        self._pending.discard(container_id)


def now(api: Any, container_id: str) -> dict[str, Any] | None:
    """Return the container's current statistics, or None if it no longer exists."""
    try:
        found: dict[str, Any] = api.stats(container_id, stream=False, one_shot=True)
    except (DockerException, OSError):
        return None
    return found


class Statistics:
    """Reader of a container's resource usage."""

    every_seconds = AGENT_SAMPLE_SECONDS

    def __init__(self, container: Any) -> None:
        self._container = container

    async def read(self) -> Reading | None:
        """Return a reading, or None if the container has exited."""
        return parse_docker_stats(await asyncio.to_thread(now, self._container.client.api, self._container.id))
