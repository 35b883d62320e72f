"""Run an execution environment: a container with its Runtime API server and log stream."""

import asyncio
import contextlib
import os
import shutil
import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from docker import DockerClient
from docker.errors import APIError, DockerException, ImageNotFound, NotFound

import intermodal_runtime
from intermodal_runtime import ErrorType, FunctionContext, Result, RuntimeApi, Server
from intermodal_runtime.consumer.usage import Meter
from local.aws.function import Function
from local.aws.log_stream import LogStream
from local.docker import architecture
from local.docker.stats import Statistics

LABEL = "intermodal.emulator"
READY_SECONDS = 50.0
"""Time limit for the image's first request for an event, below the 60 s for which an SDK waits for the response. Lambda
limits the init phase to 10 s on a full core."""

PLATFORM_ERRORS = ("Runtime.", "Sandbox.", ErrorType.RESPONSE_TOO_LARGE)
"""Prefixes of error types that the platform sets; a handler's error type is the exception's class name."""

USER = "993:990"
"""User as which Lambda runs every image, regardless of its USER (sbx_user1051 in a function's /etc/passwd)."""

TMP_MIB = 512
"""Lambda's default ephemeral storage; only /tmp is writable (Lambda developer guide, container images)."""

EXIT_SECONDS = 3.0
"""Time limit for Docker to report the container's exit after the connection was lost."""


class StartError(Exception):
    """The container failed to start; `error_type` is the error type that Lambda would report."""

    def __init__(self, error_type: str, message: str) -> None:
        super().__init__(message)
        self.error_type = error_type


class Container:
    """A running container; create it with `start`."""

    def __init__(
        self, function: Function, api: RuntimeApi, server: Server, handle: Any, log: LogStream, tmp: Path | None
    ) -> None:
        self.function, self.alive, self.idle_since = function, True, time.monotonic()
        self._api, self._server, self._handle, self._log, self._tmp = api, server, handle, log, tmp
        self._meter = Meter(Statistics(handle), alone=True)
        self._watch = asyncio.create_task(self._until_exit())
        self._follow = asyncio.create_task(asyncio.to_thread(log.follow, handle))

    @classmethod
    async def start(cls, client: DockerClient, function: Function) -> Self:
        """Start the server, then the container, because runtime clients do not wait for the server.

        Raises:
            StartError: Docker rejected the image or its entry point.
        """
        stream = f"{datetime.now(UTC):%Y/%m/%d}/[$LATEST]{uuid.uuid4().hex}"
        context = replace(function.context, log_stream=stream)
        api = RuntimeApi(context, ready_timeout_seconds=READY_SECONDS)
        server = await intermodal_runtime.serve(api)
        log = LogStream(function.logs(), context.log_group, stream)
        tmp = _make_tmp(function)
        try:
            handle = await asyncio.to_thread(_run, client, function, context, server.address, tmp)
        except (DockerException, OSError) as error:
            reason = _start_error(error)
            log.explain(reason.error_type, str(reason))
            await asyncio.to_thread(log.close)
            await server.close()
            _remove_tmp(tmp)
            raise reason from error
        return cls(function, api, server, handle, log, tmp)

    @property
    def idle_seconds(self) -> float:
        """Seconds since the last event finished."""
        return time.monotonic() - self.idle_since

    async def run(self, payload: bytes) -> Result:
        """Run one event to completion; return its result, which may be a failure."""
        request_id = str(uuid.uuid4())
        self._log.start(request_id)
        result = await self._api.invoke(payload, request_id=request_id)
        self.idle_since = time.monotonic()
        if not result.ok and not result.timed_out and result.error_type.startswith("Runtime."):
            with contextlib.suppress(TimeoutError):  # the process is exiting; wait for its last log lines
                await asyncio.wait_for(asyncio.shield(self._watch), EXIT_SECONDS)
            self._log.explain(result.error_type, result.error_message)
        usage = await self._meter.measure_run(result.duration_ms / 1000)
        self._log.report(result, self.function.context.memory_mib, usage)
        return result

    def usable(self, result: Result) -> bool:
        """Return whether this container may run another event.

        After a timeout, the previous event may still be running. A platform error, such as status 413 for a response
        that is too large, makes most runtime clients exit.
        """
        return self.alive and (result.ok or not result.error_type.startswith(PLATFORM_ERRORS))

    async def close(self) -> None:
        """Remove the container and stop its server."""
        self.alive = False
        with contextlib.suppress(DockerException, OSError):
            await asyncio.to_thread(self._handle.remove, force=True)
        await asyncio.gather(self._watch, self._follow, return_exceptions=True)
        await asyncio.to_thread(self._log.close)
        await self._server.close()
        await asyncio.to_thread(_remove_tmp, self._tmp)

    async def _until_exit(self) -> None:
        """Wait for the process to exit, then fail the pending event with the reason for the exit."""
        try:
            status = await asyncio.to_thread(self._handle.wait)
            await asyncio.to_thread(self._handle.reload)
            out_of_memory = self._handle.attrs["State"]["OOMKilled"]
            foreign = await asyncio.to_thread(architecture.explain_failure, self._handle, int(status["StatusCode"]))
        except (NotFound, APIError):  # close() removed the container
            status, out_of_memory, foreign = {"StatusCode": 137}, False, ""
        self.alive = False
        reason = _exit_reason(int(status["StatusCode"]), out_of_memory=out_of_memory)
        self._api.fail_pending(*((ErrorType.INVALID_ENTRYPOINT, foreign) if foreign else reason))


def _exit_reason(code: int, *, out_of_memory: bool) -> tuple[str, str]:
    if out_of_memory:
        return ErrorType.OUT_OF_MEMORY, "Runtime exited with error: signal: killed"
    if code > 128:
        return ErrorType.EXIT_ERROR, f"Runtime exited with error: signal: {code - 128}"
    reason = f"exit status {code}" if code else "exit status 0: the process ended without a response"
    return ErrorType.EXIT_ERROR, f"Runtime exited with error: {reason}"


def _make_tmp(function: Function) -> Path | None:
    """Create the folder to mount at /tmp; return None without root, which is needed to remove a function's files.

    The folder is not a tmpfs, which would count toward the function's memory. Lambda's /tmp does not.
    """
    if os.geteuid() != 0:
        return None
    folder = Path(function.label) / "tmp" / uuid.uuid4().hex
    folder.mkdir(parents=True)
    folder.chmod(0o1777)
    return folder


def _remove_tmp(folder: Path | None) -> None:
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)


def _writable(tmp: Path | None) -> dict[str, Any]:
    if tmp is None:
        return {"tmpfs": {"/tmp": f"size={TMP_MIB}m,mode=1777"}}  # noqa: S108 - inside the container
    return {"volumes": {str(tmp): {"bind": "/tmp", "mode": "rw"}}}  # noqa: S108 - inside the container


def _run(client: DockerClient, function: Function, context: FunctionContext, address: str, tmp: Path | None) -> Any:
    own = intermodal_runtime.environment(context, address)
    overrides: dict[str, Any] = {
        "command": list(function.command),
        "entrypoint": list(function.entrypoint),
        "working_dir": function.working_directory,
    }
    return client.containers.run(
        function.image,
        detach=True,
        network_mode="host",  # the server listens only on this machine's loopback interface
        environment=function.environment() | own,
        user=USER,
        read_only=True,
        **_writable(tmp),
        mem_limit=f"{context.memory_mib}m",
        memswap_limit=f"{context.memory_mib}m",
        labels={LABEL: function.label},
        name=f"intermodal-{context.name}-{uuid.uuid4().hex[:8]}",
        **{key: value for key, value in overrides.items() if value},
    )


def _start_error(error: Exception) -> StartError:
    if isinstance(error, ImageNotFound):
        return StartError("Runtime.InvalidImage", f"The image does not exist: {error}")
    text = str(error)
    if "executable file not found" in text or "no such file or directory" in text or "permission denied" in text:
        return StartError(ErrorType.INVALID_ENTRYPOINT, f"The image's entry point cannot be started: {text}")
    return StartError("Runtime.Unavailable", f"Docker could not start the container: {text}")
