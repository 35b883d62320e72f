"""Docker's statistics of a container, read now and then."""

import asyncio
import threading
from typing import Any

from docker.errors import DockerException

from intermodal_runtime.consumer.usage import AGENT_SAMPLE_SECONDS, Reading, parse_docker_stats


class Agent:
    """Statistics as the ECS agent gives them: the newest that it has, which is none at first.

    Docker takes a second for a container that shares another's network.
    """

    def __init__(self, api: Any) -> None:
        self._api = api
        self._known: dict[str, dict[str, Any]] = {}
        self._asking: set[str] = set()

    def of(self, container_id: str) -> dict[str, Any] | None:
        """What is known of a container; newer ones are asked for meanwhile."""
        if container_id not in self._asking:
            self._asking.add(container_id)
            threading.Thread(target=self._ask, args=(container_id,), daemon=True, name="ecs-stats").start()
        return self._known.get(container_id)

    def _ask(self, container_id: str) -> None:
        found = now(self._api, container_id)
        if found is None:
            self._known.pop(container_id, None)
        else:
            self._known[container_id] = found
        self._asking.discard(container_id)


def now(api: Any, container_id: str) -> dict[str, Any] | None:
    """Docker's statistics; None where there is no such container any more."""
    try:
        found: dict[str, Any] = api.stats(container_id, stream=False, one_shot=True)
    except (DockerException, OSError):
        return None
    return found


class Statistics:
    """A source of readings."""

    every_seconds = AGENT_SAMPLE_SECONDS

    def __init__(self, container: Any) -> None:
        self._container = container

    async def read(self) -> Reading | None:
        """None where the container has ended."""
        return parse_docker_stats(await asyncio.to_thread(now, self._container.client.api, self._container.id))
