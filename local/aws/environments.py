"""Execution environments of image functions: each one container with a Runtime API server in front of it.

An environment runs one event at a time and is kept for the next; it is thrown away when its process ended, when it
timed out, or when its function changed, as Lambda does.
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
from docker.errors import DockerException, ImageNotFound

from intermodal_runtime import Result
from local.advice import LocalError
from local.aws.container import LABEL, Container, StartError
from local.aws.function import Function
from local.aws.settings import Emulator

IDLE_SECONDS = 300.0
MOST_PER_FUNCTION = 8
"""Environments of one function on this machine; an event above that waits for a free one."""

THREADS = 256
"""Docker's client blocks: every container takes two threads, one for its output and one for its end."""


class Environments:
    """All environments of one emulator; its methods are called from the emulator's threads."""

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
        """Run one event; the result in ministack's shape. The runtime gives an id of its own to every dispatch."""
        function = Function.of(config, self._emulator)
        payload = event if isinstance(event, bytes) else json.dumps(event).encode()
        result = asyncio.run_coroutine_threadsafe(self._invoke(function, payload), self._loop).result()
        return _in_ministacks_shape(result)

    def has_image(self, reference: str) -> bool:
        """Whether Docker has the image."""
        try:
            self._docker.images.get(reference)
        except ImageNotFound:
            return False
        return True

    def retire(self, name: str) -> None:
        """Close the idle environments of a function that was changed or deleted; busy ones end after their event."""
        asyncio.run_coroutine_threadsafe(self._retire(name), self._loop)

    def close(self) -> None:
        """Stop everything."""
        self._sweeper.cancel()
        with contextlib.suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(self._close_all(), self._loop).result(timeout=15)
        self.remove_leftovers()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)

    def remove_leftovers(self) -> None:
        """Remove containers of this emulator that an earlier process of it left behind."""
        try:
            left = self._docker.containers.list(all=True, filters={"label": f"{LABEL}={self._emulator.label}"})
            for container in left:
                container.remove(force=True)
        except DockerException as error:
            raise LocalError(
                f"Docker does not answer while cleaning up: {error}; start it and run this again."
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
        """Close environments that nobody needed for a while."""
        while True:
            await asyncio.sleep(IDLE_SECONDS / 10)
            for idle in list(self._idle.values()):
                await self._close_some(idle, lambda container: container.idle_seconds > IDLE_SECONDS)

    async def _retire(self, name: str) -> None:
        for idle in list(self._idle.values()):
            await self._close_some(idle, lambda container: container.function.context.name == name)

    async def _close_some(self, idle: list[Container], unwanted: Callable[[Container], bool]) -> None:
        """Close what is unwanted; out of the list first, so that nobody is handed it while we wait."""
        chosen = [container for container in idle if unwanted(container)]
        for container in chosen:
            idle.remove(container)
        for container in chosen:
            await container.close()

    async def _close_all(self) -> None:
        containers = [container for idle in self._idle.values() for container in idle]
        self._idle.clear()
        await asyncio.gather(*(container.close() for container in containers), return_exceptions=True)


def _in_ministacks_shape(result: Result | StartError) -> dict[str, Any]:
    if isinstance(result, StartError):
        return {"body": {"errorType": result.error_type, "errorMessage": str(result)}, "error": True}
    try:
        body: object = json.loads(result.payload) if result.payload else None
    except ValueError:
        body = base64.b64encode(result.payload).decode()
    return {"body": body} if result.ok else {"body": body, "error": True, "function_error": "Unhandled"}
