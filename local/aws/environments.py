"""Manage execution environments for image functions; each is a container with a Runtime API server.

An environment runs one event at a time and is reused. As on Lambda, it is discarded after the process exits, an event
times out, or the function changes.
"""

import asyncio
import base64
import contextlib
import json
import shutil
import threading
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import docker
from docker.errors import DockerException

from intermodal_runtime import Result
from local.advice import LocalError
from local.aws.container import LABEL, Container, StartError
from local.aws.function import Function
from local.aws.settings import Emulator
from local.docker import images

IDLE_SECONDS = 300.0
MOST_PER_FUNCTION = 8
"""Maximum number of environments per function; further events wait for a free environment."""

THREADS = 256
"""Thread count; the Docker client blocks, so every container needs a thread for its output and one for its exit."""


class Environments:
    """All execution environments in an emulator; ministack's threads call the methods."""

    def __init__(self, emulator: Emulator, docker_host: str) -> None:
        self._emulator = emulator
        self._docker = docker.DockerClient(base_url=docker_host, timeout=60, max_pool_size=64)
        self._idle: dict[str, list[Container]] = defaultdict(list)
        self._room: dict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(MOST_PER_FUNCTION))
        self._loop = asyncio.new_event_loop()
        self._loop.set_default_executor(ThreadPoolExecutor(THREADS))
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._sweeper = asyncio.run_coroutine_threadsafe(self._sweep(), self._loop)

    def execute(self, config: dict[str, Any], event: object, request_id: str) -> dict[str, Any]:  # noqa: ARG002
        """Run one event; return its result in ministack's format. The runtime generates a new request ID."""
        function = Function.of(config, self._emulator)
        payload = event if isinstance(event, bytes) else json.dumps(event).encode()
        result = asyncio.run_coroutine_threadsafe(self._invoke(function, payload), self._loop).result()
        return _to_ministack(result)

    def has_image(self, reference: str) -> bool:
        """Return whether Docker has the image, or can pull it from a registry on this machine."""
        return images.has(self._docker, reference)

    def retire(self, name: str) -> None:
        """Close the idle environments of a changed or deleted function; busy ones close after their event."""
        asyncio.run_coroutine_threadsafe(self._retire(name), self._loop)

    def close(self) -> None:
        """Close all environments and stop the event loop."""
        self._sweeper.cancel()
        with contextlib.suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(self._close_all(), self._loop).result(timeout=15)
        self.remove_leftovers()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)

    def remove_leftovers(self) -> None:
        """Remove the containers that an earlier run of this emulator left behind."""
        try:
            left = self._docker.containers.list(all=True, filters={"label": f"{LABEL}={self._emulator.label}"})
            for container in left:
                container.remove(force=True)
        except DockerException as error:
            raise LocalError(
                f"Cannot remove leftover containers because Docker is not responding: {error}; start Docker and retry."
            ) from error

        shutil.rmtree(self._emulator.folder / "tmp", ignore_errors=True)

    async def _invoke(self, function: Function, payload: bytes) -> Result | StartError:
        async with self._room[function.arn]:
            try:
                container = await self._acquire(function)
            except StartError as error:
                return error
            result = await container.run(payload)
            if container.usable(result):
                self._idle[function.arn].append(container)
            else:
                await container.close()
            return result

    async def _acquire(self, function: Function) -> Container:
        idle = self._idle[function.arn]
        while idle:
            container = idle.pop()
            if container.alive and container.function == function:
                return container
            await container.close()
        return await Container.start(self._docker, function)

    async def _sweep(self) -> None:
        """Periodically close environments that have been idle for more than `IDLE_SECONDS`."""
        while True:
            await asyncio.sleep(IDLE_SECONDS / 10)
            for idle in list(self._idle.values()):
                await self._close_some(idle, lambda container: container.idle_seconds > IDLE_SECONDS)

    async def _retire(self, name: str) -> None:
        for idle in list(self._idle.values()):
            await self._close_some(idle, lambda container: container.function.context.name == name)

    async def _close_some(self, idle: list[Container], is_unwanted: Callable[[Container], bool]) -> None:
        """Close the unwanted environments; remove them from the list first, so that no event can use them."""
        chosen = [container for container in idle if is_unwanted(container)]
        for container in chosen:
            idle.remove(container)
        for container in chosen:
            await container.close()

    async def _close_all(self) -> None:
        containers = [container for idle in self._idle.values() for container in idle]
        self._idle.clear()
        await asyncio.gather(*(container.close() for container in containers), return_exceptions=True)


def _to_ministack(result: Result | StartError) -> dict[str, Any]:
    if isinstance(result, StartError):
        return {"body": {"errorType": result.error_type, "errorMessage": str(result)}, "error": True}
    try:
        body: object = json.loads(result.payload) if result.payload else None
    except ValueError:
        body = base64.b64encode(result.payload).decode()
    return {"body": body} if result.ok else {"body": body, "error": True, "function_error": "Unhandled"}
